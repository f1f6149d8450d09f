# shellcheck shell=bash
# S3 (with moto, a private S3-compatible server): blobs, and what only a build with the feature
# `export` has: rate cards as Parquet and in buckets, and a finished card as DuckDB and DataFusion read it.
# Uses from the caller: $repo, $scratch, $may_install, have, not_run, port_is_free of postgres.sh.

venv_bin() { # name -> folder of the programs of one of our virtual environments
  printf '%s/target/%s/bin\n' "$repo" "$1"
}

# venv NAME SECONDS PIP-ARGUMENTS…: makes target/NAME, once; without it when the package index does
# not answer. Nothing is put in place that was not installed to the end.
venv() {
  local name=$1 seconds=$2 own=$repo/target/$1 started=$SECONDS
  shift 2
  [ ! -e "$own/complete" ] || return 0
  [ "$may_install" = yes ] || { echo "$name: not installed (--no-install)"; return 1; }
  have python3 || { echo "$name: there is no python3"; return 1; }
  rm -rf "$own"
  echo "installing into target/$name: $*"
  # A virtual environment knows its own path, so it is made where it stays and marked when whole.
  if python3 -m venv "$own" >"$scratch/venv.log" 2>&1 &&
    timeout "$seconds" "$own/bin/pip" install -q --disable-pip-version-check --no-input \
      --prefer-binary --retries 1 --timeout 10 "$@" >>"$scratch/venv.log" 2>&1; then
    touch "$own/complete"
    echo "$name: installed in $((SECONDS - started)) s"
    return 0
  fi
  rm -rf "$own"
  echo "$name: COULD NOT BE INSTALLED within $seconds s (is the package index reachable?); the last lines:"
  tail -n 3 "$scratch/venv.log"
  return 1
}

moto_program() { # path of moto_server, empty when there is none
  if [ -e "$repo/target/s3-venv/complete" ]; then
    echo "$(venv_bin s3-venv)/moto_server"
  else
    command -v moto_server || true
  fi
}

start_s3() { # writes $scratch/s3_url, or says why not and leaves without it
  local program port try
  if [ -n "${LINTEL_TEST_S3:-}" ]; then
    printf '%s\n' "$LINTEL_TEST_S3" >"$scratch/s3_url"
    return 0
  fi
  program=$(moto_program)
  if [ -z "$program" ]; then
    venv s3-venv 80 'moto[s3]' flask flask-cors || true
    program=$(moto_program)
  fi
  [ -n "$program" ] || { echo 'no S3-compatible server'; return 0; }
  for try in 1 2 3 4 5 6 7 8; do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    port_is_free "$port" || continue
    "$program" -H 127.0.0.1 -p "$port" >"$scratch/s3.log" 2>&1 </dev/null &
    echo $! >"$scratch/server-s3.pid" # stop_servers ends it
    if s3_answers "$port"; then
      printf 'http://127.0.0.1:%s\n' "$port" >"$scratch/s3_url"
      echo "S3-compatible server on port $port"
      return 0
    fi
    echo "port $port did not work (try $try)"
    kill -KILL "$(cat "$scratch/server-s3.pid")" 2>/dev/null || true
  done
  cat "$scratch/s3.log"
  return 1
}

s3_answers() { # port -> does it take connections within twenty seconds?
  local started=$SECONDS
  while [ $((SECONDS - started)) -le 20 ]; do
    port_is_free "$1" || return 0
    kill -0 "$(cat "$scratch/server-s3.pid")" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}

stop_s3() {
  [ -e "$scratch/server-s3.pid" ] || return 0
  kill -TERM "$(cat "$scratch/server-s3.pid")" 2>/dev/null || true
  rm -f "$scratch/server-s3.pid"
}

# A card of one state as an analyst meets it: both engines must give the same answers to it, as Parquet
# and as CSV. Called where `set -e` does not reach.
card_queries() {
  local program=${CARGO_TARGET_DIR:-$repo/target}/debug/lintel folder=$scratch/cards format
  venv card-venv 100 -r bench/card_requirements.txt || return 77
  mkdir -p "$folder/data" || return 1
  start_server cards "$folder/data" || return 1
  stop_server cards || return 1
  for format in parquet csv; do
    "$program" ratecard --data-folder "$folder/data" --lender DEMOLEND --zips state:DE --ltvs 80,95 \
      --scores 640,760 --format "$format" --out "$folder/$format" >"$folder/$format.log" 2>&1 ||
      { cat "$folder/$format.log"; return 1; }
    "$(venv_bin card-venv)/python" bench/query_card.py "$folder/$format" --show 3 || return 1
  done
}

# Buckets and blobs, then Parquet and the queue: what only a build with the feature `export` has.
rate_cards() {
  local s3='' queried=0
  cargo clippy --locked -p lintel-server --features export --all-targets -- -D warnings
  start_s3
  [ ! -e "$scratch/s3_url" ] || s3=$(cat "$scratch/s3_url")
  [ -z "$s3" ] || export LINTEL_TEST_S3=$s3
  [ ! -e "$scratch/pg_url" ] || export LINTEL_TEST_PG=$(postgres_url)
  cargo test --locked -p lintel-bucket -p lintel-blobs -p lintel-export
  cargo test --locked -p lintel-server --features export --test it ratecard::
  stop_s3
  card_queries || queried=$?
  [ "$queried" = 0 ] || [ "$queried" = 77 ] || return "$queried"
  [ -n "$s3" ] || not_run 'rate cards and blobs passed in folders; no S3-compatible server, see above'
  [ "$queried" = 0 ] || not_run 'rate cards passed; DuckDB and DataFusion could not be installed, see above'
}
