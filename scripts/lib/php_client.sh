# shellcheck shell=bash
# Runs the PHP clients of tests-php/ against real server processes, one per database.
# Uses from the caller: $repo, $scratch, not_run, have and the functions of postgres.sh.

php_has() { have php && php -r "exit(extension_loaded('$1') ? 0 : 1);"; }

php_client() {
  local database made=''
  have php || not_run 'PHP is not installed (apt-get install -y php-cli php-curl php-xml)'
  php_has curl || not_run 'PHP has no curl extension (apt-get install -y php-curl)'
  php_has simplexml || not_run 'PHP has no SimpleXML extension (apt-get install -y php-xml)'
  cargo build --locked -p lintel-server --bin lintel

  php_against sqlite
  if [ ! -e "$scratch/pg_url" ]; then
    not_run 'PHP client passed on SQLite; its PostgreSQL part needs PostgreSQL'
  fi
  if [ -z "$(postgres_shell)" ]; then
    not_run 'PHP client passed on SQLite; its PostgreSQL part needs psql (apt-get install -y postgresql-client)'
  fi
  database=lintel_php_$$_$RANDOM
  made=$(postgres_url)
  # The last path segment of the URL is the database; a query part stays.
  made=$(printf '%s' "$made" | sed -E "s#^([a-z]+://[^/]+)(/[^?]*)?(.*)\$#\\1/$database\\3#")
  postgres_sql "CREATE DATABASE $database"
  php_against postgres "$made"
  postgres_sql "DROP DATABASE $database" || true
}

# php_against NAME [DATABASE_URL]: first start, all checks, restart on the same data, all checks.
php_against() {
  local name=$1 folder=$scratch/server-$1 before after
  shift
  mkdir -p "$folder"
  echo "PHP client on $name: first start"
  start_server "$name" "$folder" "$@"
  before=$(php_credentials "$folder" apiKey)
  run_php "$name" client.php "$folder"
  # Before the samples begin to set up the broker it invites in the name of.
  run_php "$name" notifications.php "$folder"
  run_php "$name" samples.php "$folder"
  run_php "$name" documents.php "$folder"
  stop_server "$name"

  echo "PHP client on $name: after a restart"
  start_server "$name" "$folder" "$@"
  after=$(php_credentials "$folder" apiKey)
  [ "$before" = "$after" ] || { echo 'the restart changed the demo credentials'; return 1; }
  run_php "$name" client.php "$folder"
  stop_server "$name"
}

php_credentials() { # folder, key -> the value
  php -r '$all = json_decode(file_get_contents($argv[1]), true); echo $all[$argv[2]] ?? exit(1);' \
    "$1/demo-credentials.json" "$2"
}

run_php() { # name, script, folder
  local url
  url=$(cat "$scratch/server-$1.url")
  LINTEL_DEMO=$3/demo-credentials.json LINTEL_URL=$url LINTEL_API_ID=$(php_credentials "$3" apiID) LINTEL_API_KEY=$(php_credentials "$3" apiKey) \
    php -d error_reporting=-1 -d display_errors=stderr "$repo/tests-php/$2"
}

start_server() { # name, data folder, [database URL]; writes $scratch/server-NAME.{pid,url}
  local name=$1 folder=$2 log=$scratch/server-$1.out url='' started=$SECONDS
  local arguments=(serve --demo --data-folder "$folder" --listen 127.0.0.1:0)
  [ $# -lt 3 ] || arguments+=(--database-url "$3")
  : >"$log" # at once, so that nobody reads the address of the server before a restart
  "${CARGO_TARGET_DIR:-$repo/target}/debug/lintel" "${arguments[@]}" >>"$log" 2>"$scratch/server-$name.err" </dev/null &
  echo $! >"$scratch/server-$name.pid"
  while [ $((SECONDS - started)) -le 20 ]; do
    url=$(sed -nE '/Listening on http/{s#^.*Listening on (http://[0-9.:]+).*$#\1#p;q}' "$log")
    if [ -n "$url" ] && is_ready "${url#http://}"; then
      printf '%s\n' "$url" >"$scratch/server-$name.url"
      return 0
    fi
    kill -0 "$(cat "$scratch/server-$name.pid")" 2>/dev/null || break
    sleep 0.1
  done
  echo "the server on $name did not get ready:"
  tail -n 40 "$log" "$scratch/server-$name.err"
  return 1
}

is_ready() { # host:port -> does GET /readyz answer 200?
  local status
  status=$(
    exec 3<>"/dev/tcp/${1%:*}/${1##*:}"
    printf 'GET /readyz HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$1" >&3
    IFS= read -r -t 5 line <&3
    printf '%s' "$line"
  ) 2>/dev/null || true
  case $status in 'HTTP/1.1 200'*) return 0 ;; *) return 1 ;; esac
}

stop_server() { # name: asks politely and insists on a clean end within ten seconds
  local name=$1 pid started=$SECONDS status=0
  pid=$(cat "$scratch/server-$name.pid")
  kill -TERM "$pid"
  while kill -0 "$pid" 2>/dev/null; do
    if [ $((SECONDS - started)) -gt 10 ]; then
      echo "the server on $name ignored SIGTERM for ten seconds"
      return 1
    fi
    sleep 0.1
  done
  wait "$pid" || status=$?
  rm -f "$scratch/server-$name.pid"
  [ "$status" = 0 ] && return 0
  echo "the server on $name ended with status $status:"
  tail -n 20 "$scratch/server-$name.err"
  return 1
}

stop_servers() { # the trap's turn: whatever is still running
  local file
  for file in "$scratch"/server-*.pid; do
    [ -e "$file" ] || continue
    kill -KILL "$(cat "$file")" 2>/dev/null || true
  done
}
