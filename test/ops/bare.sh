#!/usr/bin/env bash
# test/ops/bare.sh PACKAGE FOLDER HTTP HTTPS: a bare Debian 12 in FOLDER, the package installed by apt, served through nginx, upgraded.
set -euo pipefail
deb=$1 root=$2 http=$3 https=$4
cleanup() { umount -l "$root/proc" "$root/dev" 2>/dev/null || true; }
trap cleanup EXIT
debootstrap --variant=minbase --include=ca-certificates bookworm "$root" >"$root.log" 2>&1 || { tail -5 "$root.log"; exit 1; }
# the machine's own way to its packages
cp /etc/resolv.conf /etc/hosts "$root/etc/"
cp -r /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
cp "$deb" "$root/root/khue.deb"
cat >"$root/root/try.sh" <<TRY
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get -q update >/dev/null
apt-get -q -y --no-install-recommends install nginx-light openssl curl >/dev/null 2>&1
said=\$(apt-get -q -y --no-install-recommends install /root/khue.deb 2>&1)
grep -q 'quantri: ' <<<"\$said" || { echo "\$said"; echo "no first administrator"; exit 1; }
nginx -t 2>/dev/null
test "\$(stat -c '%U %a' /var/lib/khue /var/lib/khue/data/secret | tr '\n' ' ')" = 'khue 700 khue 400 '
test "\$(stat -c '%U %a' /var/lib/khue/first-operator.txt /etc/khue/tls/key.pem | tr '\n' ' ')" = 'root 600 root 600 '
sed -i 's/listen 80 /listen $http /; s/listen 443 /listen $https /; /\[::\]/d' /etc/khue/nginx.conf
. /etc/khue/khue.env
export KHUE_DATA
runuser -u khue -- khue doctor
install -d -o khue -g khue -m 750 /run/khue
runuser -u khue -- khue serve --listen unix:/run/khue/%d.sock --workers 4 2>/tmp/log &
for i in \$(seq 50); do [ -S /run/khue/3.sock ] && break; sleep 0.1; done
nginx
test "\$(curl -sk https://127.0.0.1:$https/readyz)" = ok
# the same package again: as an upgrade
before=\$(sha256sum </var/lib/khue/data/secret)
echo '# mine' >>/etc/khue/khue.env
apt-get -q -y --reinstall -o Dpkg::Options::=--force-confold install /root/khue.deb >/tmp/up 2>&1 || { cat /tmp/up; exit 1; }
grep -q '# mine' /etc/khue/khue.env
test "\$before" = "\$(sha256sum </var/lib/khue/data/secret)"
! grep -q 'quantri: ' /tmp/up
apt-get -q -y purge khue >/tmp/purge 2>&1
test -e /var/lib/khue/data/khue.db
nginx -s stop
kill %1
wait || true
TRY
chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 bash /root/try.sh
