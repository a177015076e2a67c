package plugin

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	goplugin "github.com/hashicorp/go-plugin"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// launch starts the process and reads where it listens.
func (p *Process) launch(ctx context.Context, cmd *exec.Cmd, token string, within time.Duration) (net.Addr, error) {
	r, err := startChild(cmd, token)
	if err != nil {
		return nil, err
	}
	p.runner = r
	line := make(chan string, 1)
	var printing sync.WaitGroup
	printing.Go(func() { readFirst(r.stdout, line) })
	printing.Go(func() { p.readStderr(r.stderr) })
	printed := make(chan struct{})
	go func() { printing.Wait(); close(printed) }()
	go r.wait(printed)
	timeout := time.NewTimer(within)
	defer timeout.Stop()
	select {
	case text, ok := <-line:
		if !ok {
			return nil, errors.New("it ended before it was ready")
		}
		return p.address(text)
	case <-timeout.C:
		return nil, fmt.Errorf("timeout: it has not said within %s where it listens", within)
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// readFirst passes the first line on; the rest is read and dropped, or the plugin would stop at its next word.
func readFirst(r io.Reader, line chan<- string) {
	const enough = 4 << 10
	text, err := bufio.NewReaderSize(io.LimitReader(r, enough), enough).ReadString('\n')
	if err == nil {
		line <- text
	}
	close(line)
	_, _ = io.Copy(io.Discard, r)
}

// readStderr keeps what the plugin prints, line by line.
func (p *Process) readStderr(r io.Reader) {
	lines := bufio.NewReaderSize(r, 64<<10) // a secret is found in a whole line only
	for {
		part, err := lines.ReadSlice('\n')
		if len(part) > 0 {
			_, _ = p.stderr.Write(part)
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return
		}
	}
}

// address reads go-plugin's handshake: CORE|VERSION|NETWORK|ADDRESS|PROTOCOL, and more that is of no use here. The
// address must be in the plugin's own directory: this process connects to it and sends the token there.
func (p *Process) address(line string) (net.Addr, error) {
	parts := strings.Split(strings.TrimSpace(line), "|")
	if len(parts) < 5 {
		return nil, errors.New("it is no plugin: its first line is not go-plugin's handshake")
	}
	if parts[0] != strconv.Itoa(goplugin.CoreProtocolVersion) || parts[4] != string(goplugin.ProtocolGRPC) {
		return nil, fmt.Errorf("it speaks go-plugin's protocol %s over %s; this program speaks %d over %s", parts[0], parts[4], goplugin.CoreProtocolVersion, goplugin.ProtocolGRPC)
	}
	if parts[1] != strconv.Itoa(protocol.Version) {
		return nil, fmt.Errorf("it speaks version %s of the conversation, this program version %d: upgrade the older of the two", parts[1], protocol.Version)
	}
	network, address := parts[2], parts[3]
	if !owns(p.dir, network, address) {
		return nil, fmt.Errorf("it listens on %s %q, which is not its own socket", network, address)
	}
	if network == "unix" {
		return &net.UnixAddr{Name: address, Net: network}, nil
	}
	return net.ResolveTCPAddr(network, address)
}
