# shellcheck shell=bash
# A private S3-compatible server (moto) for the tests of crates/export and of `lintel ratecard`.
# Uses from the caller: $repo, $scratch, have, port_is_free of postgres.sh.

moto_program() { # path of moto_server, empty when there is none
  local own=$repo/target/s3-venv/bin/moto_server
  if [ -x "$own" ]; then echo "$own"; else command -v moto_server || true; fi
}

start_s3() { # writes $scratch/s3_url, or says why not and leaves without it
  local program port try
  if [ -n "${LINTEL_TEST_S3:-}" ]; then
    printf '%s\n' "$LINTEL_TEST_S3" >"$scratch/s3_url"
    return 0
  fi
  program=$(moto_program)
  if [ -z "$program" ]; then
    echo "no S3-compatible server (python3 -m venv target/s3-venv && target/s3-venv/bin/pip install 'moto[server]')"
    return 0
  fi
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

# Parquet, S3 and the queue: what only a build with the feature `export` has.
rate_cards() {
  local s3=''
  cargo clippy --locked -p lintel-server --features export --all-targets -- -D warnings
  start_s3
  [ ! -e "$scratch/s3_url" ] || s3=$(cat "$scratch/s3_url")
  [ -z "$s3" ] || export LINTEL_TEST_S3=$s3
  [ ! -e "$scratch/pg_url" ] || export LINTEL_TEST_PG=$(postgres_url)
  cargo test --locked -p lintel-export
  cargo test --locked -p lintel-server --features export --test it ratecard::
  stop_s3
  [ -n "$s3" ] || not_run 'rate cards passed in folders; S3 needs moto (see above)'
}
