# shellcheck shell=bash
# A real server process against a real mail server (aiosmtpd, with TLS and passwords) that misbehaves
# as it is told; the tests are in tests-smtp/.
# Uses from the caller: $repo, $scratch, $may_install, have, not_run, venv and venv_bin of s3.sh,
# postgres_url of postgres.sh.

smtp_venv() { # makes target/smtp-venv with what tests-smtp/requirements.txt pins, once
  if ! cmp -s "$repo/tests-smtp/requirements.txt" "$repo/target/smtp-venv/requirements.txt"; then
    rm -f "$repo/target/smtp-venv/complete"
  fi
  venv smtp-venv 120 --require-hashes -r "$repo/tests-smtp/requirements.txt" || return 1
  cp "$repo/tests-smtp/requirements.txt" "$repo/target/smtp-venv/requirements.txt"
}

smtp_tests() {
  local program=${CARGO_TARGET_DIR:-$repo/target}/debug/lintel python
  have openssl || not_run 'OpenSSL is not installed (apt-get install -y openssl)'
  smtp_venv || not_run 'the mail server of the tests could not be installed, see above'
  python=$(venv_bin smtp-venv)/python
  cargo build --locked -p lintel-server --bin lintel
  mkdir -p "$scratch/smtp"
  TMPDIR=$scratch/smtp timeout 300 "$python" "$repo/tests-smtp/conversation.py" "$program"
  if [ ! -e "$scratch/pg_url" ]; then
    not_run 'mail passed on SQLite; several nodes need PostgreSQL'
  fi
  TMPDIR=$scratch/smtp timeout 1200 "$python" "$repo/tests-smtp/nodes.py" "$program" "$(postgres_url)"
}
