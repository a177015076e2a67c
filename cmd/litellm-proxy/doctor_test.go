//go:build linux

package main

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// silentGateway takes connections and answers nothing; asked gets an element for each connection.
func silentGateway(t *testing.T) (url string, asked <-chan struct{}) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	told := make(chan struct{}, 100)
	go func() {
		var kept []net.Conn
		for {
			c, err := l.Accept()
			if err != nil {
				for _, c := range kept {
					c.Close()
				}
				return
			}
			kept = append(kept, c)
			told <- struct{}{}
		}
	}()
	return "http://" + l.Addr().String(), told
}

// An interrupt ends doctor at once, whatever it waits for, and it leaves nothing behind.
func TestDoctorInterrupted(t *testing.T) {
	if os.PathSeparator != '/' {
		t.Skip("a process cannot be interrupted there")
	}
	url, asked := silentGateway(t)
	h := newHome(t, url)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	cmd := h.command(ctx, "doctor")
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-asked
	_ = cmd.Process.Signal(os.Interrupt)
	err := cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 130 || !strings.Contains(errs.String(), "doctor was interrupted") || out.String() != "" {
		t.Errorf("%v: %s%s", err, out.String(), errs.String())
	}
	if left := h.untilClean(); left != "" {
		t.Error(left)
	}
}

// --timeout bounds all of it, and what was found until then is printed.
func TestDoctorTimeout(t *testing.T) {
	url, _ := silentGateway(t)
	h := newHome(t, url)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	out, err := h.command(ctx, "doctor", "--timeout", "1s").Output()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 12 || !strings.Contains(string(out), "gateway\tbad\tthe time was up (--timeout 1s)") || !strings.Contains(string(out), "configuration\tok\t") {
		t.Errorf("%v: %s", err, out)
	}
	if left := h.untilClean(); left != "" {
		t.Error(left)
	}
}
