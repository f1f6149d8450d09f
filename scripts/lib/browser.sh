# shellcheck shell=bash
# Drives the pages of a real server process in Chromium, with the files of tests-browser/.
# Uses from the caller: $repo, $scratch, $may_install, not_run, have, and start_server, stop_server of
# php_client.sh.

browser_packages() { # makes target/browser with what tests-browser/package.json names, once
  local own=$repo/target/browser
  if [ -e "$own/complete" ] && cmp -s "$repo/tests-browser/package.json" "$own/package.json"; then
    return 0
  fi
  [ "$may_install" = yes ] || { echo 'browser packages: not installed (--no-install)'; return 1; }
  rm -rf "$own"
  mkdir -p "$own"
  cp "$repo/tests-browser/package.json" "$own/"
  if (cd "$own" && timeout 120 npm install --no-audit --no-fund --no-package-lock --ignore-scripts) \
    >"$scratch/npm.log" 2>&1; then
    touch "$own/complete"
    return 0
  fi
  echo 'browser packages: COULD NOT BE INSTALLED (is the package index reachable?); the last lines:'
  tail -n 3 "$scratch/npm.log"
  return 1
}

browser_tests() {
  local test
  have chromium || not_run 'Chromium is not installed (apt-get install -y chromium)'
  have node || not_run 'Node.js is not installed (apt-get install -y nodejs npm)'
  have npm || not_run 'npm is not installed (apt-get install -y npm)'
  browser_packages || not_run 'the packages that drive the browser could not be installed, see above'
  cargo build --locked -p lintel-server --bin lintel
  for test in "$repo"/tests-browser/*.test.mjs; do
    browser_test "$(basename "$test" .test.mjs)"
  done
}

browser_test() { # name: one file of tests against a server of its own
  local name=$1 folder=$scratch/browser-$1
  mkdir -p "$folder"
  echo "browser: $name"
  start_server "browser-$name" "$folder"
  LINTEL_URL=$(cat "$scratch/server-browser-$name.url") LINTEL_DATA=$folder \
    LINTEL_NODE_MODULES=$repo/target/browser LINTEL_SHOTS=$repo/target/browser/shots \
    timeout 300 node "$repo/tests-browser/$name.test.mjs"
  stop_server "browser-$name"
}
