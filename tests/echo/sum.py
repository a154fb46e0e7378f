#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""sum-server: what it answers, and what it does not."""
import subprocess

from pair import AT, HOST, LIMIT, PAIR, PORT, done, equal, own_network, udp

QUESTIONS = (
    (b'{"A":7,"B":4}', b'{"Sum":11}'),
    (b'{"Id":3,"A":7,"B":4}', b'{"Id":3,"Sum":11}'),
    (b'{"A":-7,"B":7}', b'{"Sum":0}'),
    (b'{"Id":-1,"A":9223372036854775806,"B":1}',
     b'{"Id":-1,"Sum":9223372036854775807}'),
)
OTHERS = (b"", b"HELLO", b'{"Sum":11}', b'{"Id":3,"Sum":11}', b'{"A":7,"B":4',
          b'{"A":7,"B":4}{"A":1,"B":1}', b'{"A":7}', b'{"A":7,"B":4}\0',
          b'{"A":9223372036854775807,"B":1}', b"{" * 60000)


def run(*words):
    """A sum-server that ends by itself."""
    done_ = subprocess.run([f"{PAIR}/sum-server", *words], text=True,
                           capture_output=True, timeout=LIMIT, check=False)
    return done_.returncode, done_.stderr


def answers():
    with subprocess.Popen([f"{PAIR}/sum-server", AT], text=True,
                          stdout=subprocess.PIPE) as server:
        equal("it listens, and says so", server.stdout.readline(),
              f"listening: udp {AT}\n")
        client = udp()
        for question, answer in QUESTIONS:
            client.sendto(question, (HOST, PORT))
            equal(f"the answer to {question.decode()}",
                  client.recvfrom(1000), (answer, (HOST, PORT)))
        for other in OTHERS:
            client.sendto(other, (HOST, PORT))
        client.sendto(b'{"A":1,"B":1}', (HOST, PORT))
        equal("no answer to what is no question, nor is it an end",
              client.recv(1000), b'{"Sum":2}')
        equal("a port that is in use", run(AT),
              (1, f"sum-server: {AT}: Address already in use\n"))
        server.kill()


own_network()
answers()
equal("bad usage", run(), (64, "usage: sum-server ADDRESS:PORT\n"))
equal("no address", run("9007"), (64, "usage: sum-server ADDRESS:PORT\n"))
done()
