# shellcheck shell=bash
# The instruction-count gate: callgrind counts what each kernel of the engine needs per item, exactly
# the same on every run, and a kernel that needs 3 % more than its baseline fails.
# Uses from the caller: $repo, $scratch, not_run, have.
#
# Counts depend on the compiler, so the baseline names the compiler it is of. After a wanted change, or for
# another compiler: LINTEL_REWRITE_INSTRUCTIONS=yes scripts/test, and say in the commit what moved.

instructions_baseline() { printf '%s/bench/instructions.toml' "$repo"; }

instruction_counts() {
  local baseline compiler program kernel kernels known_kernels count items per_item known ratio worse=0
  baseline=$(instructions_baseline)
  have valgrind || not_run 'valgrind is not installed (apt-get install -y valgrind)'
  compiler=$(rustc --version | sed 's/^rustc //')
  known=$(sed -n 's/^rustc = "\(.*\)"$/\1/p' "$baseline" 2>/dev/null || true)
  if [ "${LINTEL_REWRITE_INSTRUCTIONS:-no}" != yes ] && [ "$known" != "$compiler" ]; then
    not_run "the baseline is of rustc ${known:-none}, this is $compiler (LINTEL_REWRITE_INSTRUCTIONS=yes makes one)"
  fi
  cargo build --locked --release -p lintel-engine --example instruction_counts
  program=${CARGO_TARGET_DIR:-$repo/target}/release/examples/instruction_counts
  kernels=$("$program" || true) # without an argument it names its kernels
  known_kernels=$(sed -n '/^\[per_item\]/,$ s/^\([a-z_]*\) = .*/\1/p' "$baseline" 2>/dev/null || true)
  if [ "${LINTEL_REWRITE_INSTRUCTIONS:-no}" != yes ] &&
    [ "$(sort <<<"$kernels")" != "$(sort <<<"$known_kernels")" ]; then
    printf 'the program counts other kernels than the baseline knows:\n%s\n' "$kernels"
    return 1
  fi

  : >"$scratch/instructions.toml"
  printf '%-18s %14s %14s %8s\n' kernel 'per item' baseline ratio
  for kernel in $kernels; do
    valgrind --tool=callgrind --collect-atstart=no --toggle-collect='instruction_counts::counted*' \
      --callgrind-out-file=/dev/null "$program" "$kernel" >"$scratch/kernel.out" 2>"$scratch/kernel.err" ||
      { cat "$scratch/kernel.out" "$scratch/kernel.err"; return 1; }
    grep -q '^AVX2 ' "$scratch/kernel.out" || not_run 'this processor (or this valgrind) has no AVX2'
    items=$(awk '{print $2}' "$scratch/kernel.out")
    count=$(sed -n 's/.*Collected : *\([0-9]*\).*/\1/p' "$scratch/kernel.err")
    [ "${count:-0}" -gt 0 ] || { echo "$kernel: callgrind counted nothing"; return 1; }
    per_item=$(awk -v count="$count" -v items="$items" 'BEGIN { printf "%.2f", count / items }')
    printf '%s = %s\n' "$kernel" "$per_item" >>"$scratch/instructions.toml"
    known=$(sed -n "s/^$kernel = //p" "$baseline" 2>/dev/null || true)
    ratio=$(awk -v now="$per_item" -v was="${known:-0}" 'BEGIN { if (was > 0) printf "%.3f", now / was; else printf "new" }')
    printf '%-18s %14s %14s %8s\n' "$kernel" "$per_item" "${known:--}" "$ratio"
    awk -v ratio="$ratio" 'BEGIN { exit !(ratio == "new" || ratio + 0 > 1.03) }' && worse=$((worse + 1))
  done

  if [ "${LINTEL_REWRITE_INSTRUCTIONS:-no}" = yes ]; then
    {
      echo '# Instructions per item on the AVX2 road, counted by callgrind; written by scripts/lib/instructions.sh.'
      printf 'rustc = "%s"\n\n[per_item]\n' "$compiler"
      cat "$scratch/instructions.toml"
    } >"$baseline"
    echo "the baseline was rewritten: $baseline"
  elif [ "$worse" -gt 0 ]; then
    echo "$worse kernel(s) need over 3 % more instructions than the baseline, or have none."
    echo 'If that is wanted: LINTEL_REWRITE_INSTRUCTIONS=yes scripts/test, and say why in the commit.'
    return 1
  fi
}
