#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the autograder: Node.js, then the course's packages.
set -euo pipefail
cd "$(dirname "$0")/course"

is_new_enough() { node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null; }

# Distributions come with older ones; npm has newer ones, as a package.
if ! is_new_enough; then
  apt-get update
  DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends npm
  npm install --global --foreground-scripts node@22 npm@10
  hash -r
fi
is_new_enough || { echo "There is no Node.js 20 or newer, and it could not be installed." >&2; exit 1; }

npm ci --omit=dev
