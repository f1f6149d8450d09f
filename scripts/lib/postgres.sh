# shellcheck shell=bash
# A private PostgreSQL for one run of scripts/test: no password, no fsync, gone afterwards.
# Uses from the caller: $pg_home, $scratch, $caller_pg, not_run, have.

postgres_bin() { # folder of the newest installed server programs, empty when there is none
  local folder
  for folder in "$(pg_config --bindir 2>/dev/null)" $(printf '%s\n' /usr/lib/postgresql/*/bin /usr/local/pgsql/bin | sort -rV); do
    if [ -n "$folder" ] && [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ]; then
      printf '%s\n' "$folder"
      return 0
    fi
  done
  folder=$(command -v initdb) || return 0
  dirname "$(readlink -f "$folder")"
}

as_postgres() { # PostgreSQL refuses to run as root
  if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

start_postgres() {
  local bin port try
  if [ -n "$caller_pg" ]; then
    echo 'using the server named by LINTEL_TEST_PG'
    printf '%s\n' "$caller_pg" >"$scratch/pg_url"
    return 0
  fi
  bin=$(postgres_bin)
  [ -n "$bin" ] || not_run 'PostgreSQL is not installed (apt-get install -y postgresql), or set LINTEL_TEST_PG'
  if [ "$(id -u)" = 0 ]; then
    id postgres >/dev/null 2>&1 || not_run 'running as root, and there is no user postgres to run PostgreSQL as'
    chown postgres "$pg_home"
  fi
  as_postgres "$bin/initdb" -D "$pg_home/data" -U app -A trust -N -E UTF8 --locale=C.UTF-8 >"$scratch/initdb.log" 2>&1 ||
    { cat "$scratch/initdb.log"; return 1; }
  # Nobody can reserve a port for another program, so a lost race means another try.
  for try in 1 2 3 4 5 6 7 8; do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    port_is_free "$port" || continue
    if as_postgres "$bin/pg_ctl" -D "$pg_home/data" -ws -t 30 -l "$pg_home/log" -o "-p $port -k $pg_home \
        -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
        -c max_connections=200 -c log_statement=ddl" start; then
      printf '%s\n' "postgres://app@127.0.0.1:$port/postgres" >"$scratch/pg_url"
      echo "private cluster on port $port"
      return 0
    fi
    echo "port $port did not work (try $try)"
  done
  cat "$pg_home/log"
  return 1
}

stop_postgres() {
  local bin
  [ -e "$pg_home/data/postmaster.pid" ] || return 0
  bin=$(postgres_bin)
  as_postgres "$bin/pg_ctl" -D "$pg_home/data" -ws -m immediate stop || true
}

postgres_url() { cat "$scratch/pg_url"; }

postgres_databases_made() { # how many databases or schemas were made; unknown on a foreign server
  if [ -n "$caller_pg" ]; then echo 'an unknown number of'; return 0; fi
  grep -ciE '(statement|execute [^:]*): *create (database|schema)' "$pg_home/log" || true
}

postgres_shell() { # path of psql, empty when there is none
  local bin
  bin=$(postgres_bin)
  if [ -n "$bin" ] && [ -x "$bin/psql" ]; then echo "$bin/psql"; else command -v psql || true; fi
}

postgres_sql() { # runs one statement on the test server
  PGCONNECT_TIMEOUT=10 "$(postgres_shell)" --no-psqlrc -q -v ON_ERROR_STOP=1 -d "$(postgres_url)" -c "$1"
}
