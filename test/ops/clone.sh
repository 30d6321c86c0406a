#!/usr/bin/env bash
# test/ops/clone.sh REPOSITORY FOLDER PORT: a bare Debian 12 in FOLDER with git and make, a clone, `make demo`; done when it serves.
set -euo pipefail
repo=$1 root=$2 port=$3
cleanup() {
	# what still runs in there
	for p in /proc/[0-9]*; do [ "$(readlink "$p/root")" != "$root" ] || kill -9 "${p#/proc/}" 2>/dev/null || true; done
	umount -l "$root/proc" "$root/dev" 2>/dev/null || true
}
trap cleanup EXIT
debootstrap --variant=minbase --include=ca-certificates bookworm "$root" >"$root.log" 2>&1 || { tail -5 "$root.log"; exit 1; }
# the machine's own way to its packages, Debian's and npm's
cp /etc/resolv.conf /etc/hosts "$root/etc/"
cp -r /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
for f in /etc/npmrc "$HOME/.npmrc"; do [ ! -e "$f" ] || cat "$f" >>"$root/root/.npmrc"; done
cp -r /etc/ssl/certs/. "$root/etc/ssl/certs/"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
git clone -q "$repo" "$root/root/khue"
inside() { chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive bash -c "$1"; }
inside 'apt-get -q update && apt-get -q -y --no-install-recommends install git make' >"$root.log" 2>&1 || { tail -5 "$root.log"; exit 1; }
start=$SECONDS
(inside "cd /root/khue && exec make demo PORT=$port") >"$root.demo" 2>&1 &
made=$!
until curl -sf "http://127.0.0.1:$port/readyz" >/dev/null; do
	kill -0 $made 2>/dev/null || { tail -30 "$root.demo"; echo "make demo ended"; exit 1; }
	sleep 1
done
echo "make demo on a bare Debian: serving after $((SECONDS - start)) s"
grep -q 'hieutruong' "$root.demo" || { tail -30 "$root.demo"; echo "no accounts were printed"; exit 1; }
test -n "$(curl -sf "http://127.0.0.1:$port/" | grep -c 'Khuê')"
