#!/usr/bin/env python3
"""Mail through a mail server of others: its own certificate, a password, and one beside us whose certificate nobody signed."""
import email
import email.policy
import os
import sqlite3
import subprocess
import sys

from place import BUILD, PORT, School, equal, folder, khue, run

sys.path.append("/usr/lib/python3/dist-packages")      # where Debian keeps aiosmtpd, whichever python3 runs this
try:
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
except ImportError:
    print("ok 1 - mail # SKIP python3-aiosmtpd is not installed; run tool/deps test")
    sys.exit(0)
import logging
import ssl

logging.disable(logging.CRITICAL)        # what the server says of those it turns away


class Box:
    """Keeps what arrives."""

    def __init__(self):
        self.letters = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if "khong-co" in address:
            return "550 5.1.1 no such user"
        if "doi" in address:
            return "451 4.7.1 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if any("bi-chan" in to for to in envelope.rcpt_tos):
            return "554 5.7.1 no"
        self.letters.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default), bool(session.ssl)))
        return "250 taken"


class Post(Controller):
    """A mail server on a port of ours; with_password: nobody sends without TLS and a password."""

    def __init__(self, crt, key, with_password):
        self.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.tls.load_cert_chain(crt, key)
        self.box, self.with_password = Box(), with_password
        super().__init__(self.box, hostname="127.0.0.1", port=PORT + 7)

    def factory(self):
        known = LoginPassword(b"khue", b"mat-khau")
        ask = dict(require_starttls=True, auth_required=True, authenticator=lambda *a: AuthResult(success=a[-1] == known)) if self.with_password else {}
        return SMTP(self.handler, tls_context=self.tls, **ask)


def certificate(at, name):
    crt, key = os.path.join(at, name + ".pem"), os.path.join(at, name + ".key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-keyout", key, "-out", crt,
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True, stderr=subprocess.DEVNULL)
    return crt, key


def sql(data, text):
    return subprocess.run([os.path.join(BUILD, "test/tool/khue_sql"), os.path.join(data, "khue.db"), text], check=True, stdout=subprocess.PIPE, text=True).stdout


def send(data, **env):
    """One letter, sent by what the clock starts; (tries, was it sent, what went wrong)."""
    sql(data, "DELETE FROM outbox")
    sql(data, "INSERT INTO outbox (id, address, subject, body, made, due) VALUES (1, 'phuhuynh@example.edu.vn', 'Họp phụ huynh lớp 7A', 'Kính mời ông bà', 1, 1)")
    sql(data, "INSERT INTO job_clock (name, due) VALUES ('core/mail', 1) ON CONFLICT (name) DO UPDATE SET due = 1")
    khue("job", "run", "--data", data, env={"KHUE_SMTP": f"smtp://localhost:{PORT + 7}", "KHUE_SMTP_FROM": "khue@example.edu.vn", **env})
    d = sqlite3.connect(os.path.join(data, "khue.db"))
    try:
        return d.execute("SELECT tries, sent > 0, problem FROM outbox").fetchone()
    finally:
        d.close()


def other_servers():
    """STARTTLS by an authority of one's own and a password: sent once, readable; a stranger's certificate or a wrong password costs no letter a try"""
    data, at = School.copy(), folder()
    crt, key = certificate(at, "mail")
    stranger, _ = certificate(at, "stranger")
    for name, text in ("good", "mat-khau\n"), ("bad", "sai"):
        with open(os.path.join(at, name), "w", opener=lambda p, f: os.open(p, f, 0o600)) as f:
            f.write(text)
    good = {"KHUE_SMTP_USER": "khue", "KHUE_SMTP_PASSWORD_FILE": os.path.join(at, "good"), "KHUE_SMTP_CA": crt}
    post = Post(crt, key, True)
    post.start()
    try:
        equal(send(data, **good), (1, 1, ""))
        to, letter, tls = post.box.letters.pop()
        equal((to, letter["Subject"], letter.get_content().strip(), tls), (["phuhuynh@example.edu.vn"], "Họp phụ huynh lớp 7A", "Kính mời ông bà", True))
        for wrong in {"KHUE_SMTP_CA": stranger}, {"KHUE_SMTP_PASSWORD_FILE": os.path.join(at, "bad")}:
            tries, sent, why = send(data, **{**good, **wrong})
            equal((tries, sent, bool(why), post.box.letters), (0, 0, True, []), f"with {wrong}")
        tries, sent, why = send(data, KHUE_SMTP_CA=crt)
        equal((sent, post.box.letters), (0, []), "without a password")
    finally:
        post.stop()


def beside_us():
    """The mail server of the same machine offers a certificate nobody signed: the letter goes all the same"""
    data, at = School.copy(), folder()
    post = Post(*certificate(at, "snakeoil"), False)
    post.start()
    try:
        equal(send(data), (1, 1, ""))
        equal(len(post.box.letters), 1)
    finally:
        post.stop()


def refused():
    """A letter whose address or words the server refuses holds up no other; for good, it is given up, for now, it is tried again"""
    data, at = School.copy(), folder()
    post = Post(*certificate(at, "snakeoil"), False)
    post.start()
    try:
        sql(data, "DELETE FROM outbox")
        for i, (to, words) in enumerate([("khong-co@x.vn", "a"), ("doi@x.vn", "a"), ("bi-chan@x.vn", "a"), ("con-lai@x.vn", "a")]):
            sql(data, f"INSERT INTO outbox (id, address, subject, body, made, due) VALUES ({i + 1}, '{to}', 'Họp', '{words}', 1, {i + 1})")
        sql(data, "INSERT INTO job_clock (name, due) VALUES ('core/mail', 1) ON CONFLICT (name) DO UPDATE SET due = 1")
        khue("job", "run", "--data", data, env={"KHUE_SMTP": f"smtp://localhost:{PORT + 7}", "KHUE_SMTP_FROM": "khue@example.edu.vn"})
        equal([to for to, _, _ in post.box.letters], [["con-lai@x.vn"]])
        d = sqlite3.connect(os.path.join(data, "khue.db"))
        try:
            equal(d.execute("SELECT tries, sent > 0, problem FROM outbox ORDER BY id").fetchall(),
                  [(8, 0, "SMTP 550"), (1, 0, "SMTP 451"), (8, 0, "SMTP 554"), (1, 1, "")])
        finally:
            d.close()
    finally:
        post.stop()


if __name__ == "__main__":
    run([other_servers, beside_us, refused])
