// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

// dial is the article's client, with Go's net package as it comes: it dials,
// writes, reads the echo. TCP connects do not block there: connect(2) returns
// EINPROGRESS, and the handshake ends after it.
//
//	dial udp|tcp ADDRESS:PORT
package main

import (
	"fmt"
	"net"
	"os"
	"time"
)

func dial(network, address string) error {
	conn, err := net.Dial(network, address)
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err = conn.Write([]byte("HELLO")); err != nil {
		return err
	}
	buffer := make([]byte, 1024)
	n, err := conn.Read(buffer)
	if err != nil {
		return err
	}
	fmt.Printf("packet-received: bytes=%d from=%s\n", n, conn.RemoteAddr())
	return nil
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: dial udp|tcp ADDRESS:PORT")
		os.Exit(64)
	}
	if err := dial(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
