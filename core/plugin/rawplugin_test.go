//go:build unix

package plugin_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
)

// rawPlugins are plugins that do not use the SDK, or not all of it: each is a main function.
var rawPlugins = map[string]func(){
	"mute":   func() { time.Sleep(time.Minute) },
	"silent": func() { os.Exit(0) },
	"loud":   func() { fmt.Fprintln(os.Stderr, "first words\nno license file"); os.Exit(3) },
	"elsewhere": func() {
		_, _ = os.Stdin.Read(make([]byte, 100))
		fmt.Println("1|1|unix|" + filepath.Dir(os.Getenv(protocol.SocketDirEnv)) + "/trap|grpc")
		time.Sleep(time.Minute)
	},
	"tcp": func() {
		fmt.Println("1|1|tcp|127.0.0.1:9|grpc")
		time.Sleep(time.Minute)
	},
	"oversize": func() {
		converse(&protocol.ToHost{Message: &protocol.ToHost_Records{Records: &protocol.Records{
			Json: [][]byte{[]byte(`"` + strings.Repeat("x", 64<<20) + `"`)}}}})
	},
	"unknown": func() { converse(unknownMessage()) },
	"endless": func() { converse() },
	"code256": func() { converse(result(256, "")) },
	"code0":   func() { converse(result(0, "it failed, and says so in a strange way")) },
	"codeless": func() {
		converse(&protocol.ToHost{Message: &protocol.ToHost_Result{Result: &protocol.Result{Code: 77}}})
	},
	"token":  searchToken,
	"cancel": func() { converse(cancelOf(77), cancelOf(0), said("still here\n"), done()) },
	"around": func() { converse(listed(`{"total":`), said("more\n"), done()) },
	"array":  func() { converse(listed(`[1]`), said("more\n"), done()) },
}

func result(code int32, message string) *protocol.ToHost {
	return &protocol.ToHost{Message: &protocol.ToHost_Result{Result: &protocol.Result{
		Code: code, Error: &protocol.Error{Code: code, Message: message}}}}
}

func done() *protocol.ToHost {
	return &protocol.ToHost{Message: &protocol.ToHost_Result{Result: &protocol.Result{}}}
}

func cancelOf(id uint64) *protocol.ToHost {
	return &protocol.ToHost{Message: &protocol.ToHost_Cancel{Cancel: &protocol.Cancel{Id: id}}}
}

func said(text string) *protocol.ToHost {
	return &protocol.ToHost{Message: &protocol.ToHost_Text{Text: &protocol.Text{Text: text}}}
}

func listed(around string) *protocol.ToHost {
	return &protocol.ToHost{Message: &protocol.ToHost_Listed{Listed: &protocol.Listed{Around: []byte(around)}}}
}

// unknownMessage is one that a later version of the protocol may have.
func unknownMessage() *protocol.ToHost {
	m := &protocol.ToHost{}
	raw := protowire.AppendBytes(protowire.AppendTag(nil, 29, protowire.BytesType), []byte("news"))
	if err := proto.Unmarshal(raw, m); err != nil {
		panic(err)
	}
	return m
}

// converse serves a plugin whose every run is these messages, and then the end of the stream.
func converse(messages ...*protocol.ToHost) {
	serveRaw(func(stream grpc.BidiStreamingServer[protocol.ToPlugin, protocol.ToHost]) error {
		if _, err := stream.Recv(); err != nil {
			return err
		}
		for _, m := range messages {
			if err := stream.Send(m); err != nil {
				return err
			}
		}
		return nil
	})
}

// searchToken serves a plugin that looks for its token in its environment, its arguments and the files around it.
func searchToken() {
	token, _ := bufio.NewReader(os.Stdin).ReadString('\n')
	token = strings.TrimSpace(token)
	serveRaw(func(stream grpc.BidiStreamingServer[protocol.ToPlugin, protocol.ToHost]) error {
		places := []string{fmt.Sprintf("%d characters", len(token))}
		if strings.Contains(strings.Join(os.Environ(), "\n"), token) {
			places = append(places, "environment")
		}
		if strings.Contains(strings.Join(os.Args, "\n"), token) {
			places = append(places, "arguments")
		}
		_ = filepath.WalkDir(filepath.Dir(os.Getenv(protocol.SocketDirEnv)), func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				if raw, _ := os.ReadFile(path); bytes.Contains(raw, []byte(token)) {
					places = append(places, path)
				}
			}
			return nil
		})
		_ = stream.Send(&protocol.ToHost{Message: &protocol.ToHost_Text{Text: &protocol.Text{Text: strings.Join(places, ", ")}}})
		return stream.Send(&protocol.ToHost{Message: &protocol.ToHost_Result{Result: &protocol.Result{}}})
	})
}

type rawService struct {
	goplugin.NetRPCUnsupportedPlugin
	goplugin.GRPCPlugin
	protocol.UnimplementedPluginServer
	invoke func(grpc.BidiStreamingServer[protocol.ToPlugin, protocol.ToHost]) error
}

func (s rawService) Invoke(stream grpc.BidiStreamingServer[protocol.ToPlugin, protocol.ToHost]) error {
	return s.invoke(stream)
}

func (s rawService) GRPCServer(_ *goplugin.GRPCBroker, g *grpc.Server) error {
	protocol.RegisterPluginServer(g, s)
	return nil
}

// serveRaw is what the SDK does, less every protection.
func serveRaw(invoke func(grpc.BidiStreamingServer[protocol.ToPlugin, protocol.ToHost]) error) {
	if err := os.Mkdir(os.Getenv(protocol.SocketDirEnv), 0o700); err != nil {
		panic(err)
	}
	goplugin.Serve(&goplugin.ServeConfig{
		HandshakeConfig: protocol.Handshake(),
		Plugins:         goplugin.PluginSet{protocol.ServiceName: rawService{invoke: invoke}},
		Logger:          hclog.NewNullLogger(),
		GRPCServer:      goplugin.DefaultGRPCServer,
	})
}
