#!/bin/sh
# One night of one park, for cron and for systemd.
#
#   nightly.sh <directory of the park> [<day>]
#
# The directory holds extracts/ (what the departments delivered), and gets reports/<day>/ and the ledger bidui.duckdb. A park with
# a project file (bidui.yaml) may say all of this there and leave the options out.
#
# The day is the one that the extracts are about: yesterday, as they are made after midnight. bidui itself never asks the
# clock. The same night may be run again at any time: it replaces what its earlier run said.
#
# The exit code is that of bidui: 0 it ran, 6 it ran but a guard kept something back, anything else nothing was changed
# (`bidui --help` names them all). Whoever starts this script should wake somebody for every code but 0.
set -eu

park=$1
day=${2:-$(date -d yesterday +%F)}

cd "$park"
umask 077
mkdir -p reports

code=0
bidui run extracts \
  --as-of "$day" \
  --out "reports/$day" \
  --state bidui.duckdb \
  --format html,xlsx,parquet \
  --wait 30m || code=$?

# What a web server or a share shows: always the last night whose reports are whole.
if [ "$code" -eq 0 ] || [ "$code" -eq 6 ]; then
  ln -sfn "$day" reports/latest
fi
exit "$code"
