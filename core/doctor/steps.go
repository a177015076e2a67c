package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Steps are the first steps of the way to a gateway, one by one: a client that fails knows only that it has. The zero value
// takes the real network.
type Steps struct {
	Lookup func(ctx context.Context, host string) ([]string, error)
	Dial   func(ctx context.Context, network, address string) (net.Conn, error)
}

func (s Steps) lookup(ctx context.Context, host string) ([]string, error) {
	if s.Lookup != nil {
		return s.Lookup(ctx, host)
	}
	return net.DefaultResolver.LookupHost(ctx, host)
}

func (s Steps) dial(ctx context.Context, address string) (net.Conn, error) {
	if s.Dial != nil {
		return s.Dial(ctx, "tcp", address)
	}
	return (&net.Dialer{}).DialContext(ctx, "tcp", address)
}

// reach looks up the name of an address and connects to it; nil if that went well. what names it in the finding.
func (s Steps) reach(ctx context.Context, what string, u *url.URL, hint string, limit time.Duration) *Finding {
	if net.ParseIP(u.Hostname()) == nil {
		looking, stop := context.WithTimeout(ctx, limit)
		_, err := s.lookup(looking, u.Hostname())
		stop()
		if err != nil {
			return s.failed(ctx, err, what, hint, limit)
		}
	}
	dialling, stop := context.WithTimeout(ctx, limit)
	defer stop()
	conn, err := s.dial(dialling, hostPort(u))
	if err != nil {
		return s.failed(ctx, err, what, hint, limit)
	}
	_ = conn.Close()
	return nil
}

// failed is the finding for a step that failed.
func (s Steps) failed(ctx context.Context, err error, what, hint string, limit time.Duration) *Finding {
	code, why := problem.Unreachable, ""
	var dns *net.DNSError
	var timeout net.Error
	late := errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
	switch {
	case ctx.Err() != nil:
		code, why = problem.Interrupted, "interrupted"
	case errors.As(err, &dns) && dns.IsNotFound:
		why = "no such host"
	case errors.As(err, &dns) && late:
		code, why, hint = problem.TimedOut, "its name could not be looked up in "+span(limit), "is there a network? Does the name server answer?"
	case errors.As(err, &dns):
		why, hint = "its name cannot be looked up: "+dns.Err, "is there a network? Does the name server answer?"
	case errors.Is(err, syscall.ECONNREFUSED):
		why = "connection refused: nobody listens there"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		why, hint = "no route to it", "is there a network, or a VPN to be switched on?"
	case late:
		code, why, hint = problem.TimedOut, "no connection in "+span(limit), hint+"; a firewall may drop what is sent there"
	default:
		why = oneLine(err.Error())
	}
	f := bad(gatewayArea, code, hint, "%s cannot be reached: %s", what, why)
	return &f
}

// certificate says what is wrong with the certificate of a gateway that a client did not accept, or with the way it speaks
// TLS; nil where that is not it. Nothing is sent but the name in the handshake, so nothing need be verified for it.
func (s Steps) certificate(ctx context.Context, u *url.URL, now time.Time, limit time.Duration) *Finding {
	ctx, stop := context.WithTimeout(ctx, limit)
	defer stop()
	conn, err := s.dial(ctx, hostPort(u))
	if err != nil {
		return nil
	}
	shake := tls.Client(conn, &tls.Config{ServerName: u.Hostname(), InsecureSkipVerify: true, MinVersion: tls.VersionTLS12})
	defer shake.Close()
	err = shake.HandshakeContext(ctx)
	var record tls.RecordHeaderError
	var f Finding
	switch {
	case errors.As(err, &record):
		f = bad(gatewayArea, problem.Unreachable, "the address probably begins with http://", "it does not speak TLS")
	case err != nil && (strings.Contains(err.Error(), "protocol version not supported") || strings.Contains(err.Error(), "unsupported protocol version")): // crypto/tls has no types for them
		f = bad(gatewayArea, problem.Unreachable, "its operator must allow TLS 1.2 or 1.3", "it speaks only versions of TLS that are not safe")
	case errors.Is(err, context.DeadlineExceeded):
		f = bad(gatewayArea, problem.TimedOut, "is that the port of a gateway?", "it took the connection, and said nothing for %s", span(limit))
	case err != nil || len(shake.ConnectionState().PeerCertificates) == 0:
		return nil // it may want a certificate from us, which the client has
	default:
		return judge(shake.ConnectionState().PeerCertificates[0], u.Hostname(), now)
	}
	return &f
}

// judge says why a certificate was not accepted; nil if it is its authority alone.
func judge(c *x509.Certificate, host string, now time.Time) *Finding {
	const stamp = "2006-01-02 15:04"
	var f Finding
	switch {
	case now.After(c.NotAfter):
		f = bad(gatewayArea, problem.Unreachable, "its operator must renew it, unless this machine's clock is wrong",
			"its TLS certificate expired %s, %s ago", c.NotAfter.Local().Format(stamp), span(now.Sub(c.NotAfter)))
	case now.Before(c.NotBefore):
		f = bad(gatewayArea, problem.Unreachable, "is this machine's clock right?", "its TLS certificate is valid only from %s on", c.NotBefore.Local().Format(stamp))
	case c.VerifyHostname(host) != nil:
		f = bad(gatewayArea, problem.Unreachable, "give the address by a name that it has", "its TLS certificate is for %s, not for %s", namesOf(c), host)
	default:
		return nil
	}
	return &f
}

// namesOf are the first names that a certificate is for.
func namesOf(c *x509.Certificate) string {
	names := append([]string{}, c.DNSNames...)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	const most = 3
	switch n := len(names); {
	case n == 0:
		return "no name"
	case n > most:
		return oneLine(strings.Join(names[:most], ", ")) + fmt.Sprintf(" and %d more", n-most)
	}
	return oneLine(strings.Join(names, ", "))
}

// hostPort is what is dialled for an address.
func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}
