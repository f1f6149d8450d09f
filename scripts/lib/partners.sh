# shellcheck shell=bash
# The Partners Portal API of a real server process: the whole story by HTTP, its callbacks at a real HTTPS
# receiver that misbehaves, its answers against its own description; the tests are in tests-partners/.
# Uses from the caller: $repo, $scratch, $may_install, have, not_run, venv and venv_bin of s3.sh,
# postgres_url and postgres_bin of postgres.sh.

partners_venv() { # name requirements more…: makes target/NAME with what the file pins, once
  local name=$1 pinned=$repo/tests-partners/$2
  shift 2
  if ! cmp -s "$pinned" "$repo/target/$name/requirements.txt"; then
    rm -f "$repo/target/$name/complete"
  fi
  venv "$name" 120 "$@" -r "$pinned" || return 1
  cp "$pinned" "$repo/target/$name/requirements.txt"
}

partners_tests() {
  local program=${CARGO_TARGET_DIR:-$repo/target}/debug/lintel tests=$repo/tests-partners python
  have openssl || not_run 'OpenSSL is not installed (apt-get install -y openssl)'
  have pdftotext || not_run 'pdftotext is not installed (apt-get install -y poppler-utils)'
  partners_venv partners-venv requirements.txt --require-hashes ||
    not_run 'the verifier of callbacks could not be installed, see above'
  python=$(venv_bin partners-venv)/python
  export PYTHONDONTWRITEBYTECODE=1
  cargo build --locked -p lintel-server --bin lintel
  mkdir -p "$scratch/partners"
  export TMPDIR=$scratch/partners
  timeout 600 "$python" "$tests/story.py" "$program"
  timeout 300 "$python" "$tests/callbacks.py" "$program"
  if partners_venv conformance-venv conformance.txt; then
    timeout 300 "$(venv_bin conformance-venv)/python" "$tests/conform.py" "$program" 75
  else
    not_run 'the story passed on SQLite; schemathesis could not be installed, see above'
  fi
  if [ ! -e "$scratch/pg_url" ]; then
    not_run 'the story passed on SQLite; PostgreSQL is missing, see above'
  fi
  PATH=$PATH:$(postgres_bin) timeout 900 "$python" "$tests/story.py" "$program" "$(postgres_url)"
  PATH=$PATH:$(postgres_bin) timeout 120 "$python" "$tests/callbacks.py" "$program" "$(postgres_url)"
}
