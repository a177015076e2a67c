//go:build unix

package plugin_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
)

type saveCmd struct {
	How  string `arg:"" enum:"flag,name"`
	What string `arg:""`
	Text string `default:"text" help:"What is saved."`
	Path string `help:"A file, but none to save in."`
	Out  string `saves:"" help:"A file to save in."`
	Fail bool   `help:"Fail at the end, and say that nothing was changed."`
}

func (c *saveCmd) Run(ctx context.Context, inv *sdk.Invocation) (err error) {
	save := map[string]func(context.Context, string, string) (string, error){"flag": inv.SaveTo, "name": inv.SaveAs}[c.How]
	path := ""
	for _, part := range strings.Fields(c.Text) {
		if path, err = save(ctx, c.What, part); err != nil {
			return err
		}
	}
	if err := inv.Print(path); err != nil || !c.Fail {
		return err
	}
	return &sdk.Error{Code: 1, Message: "cannot go on", State: "nothing was changed (checked)"}
}

type secretCmd struct {
	sdk.Emits[any]
	Prefix    string `arg:""`
	Stream    bool   `help:"Read the answer as a stream."`
	Elsewhere bool   `help:"Send one where it would be kept for others to read."`
}

// Run sends two secrets to a gateway that gives them back, and prints what came back.
func (c *secretCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	var secrets [2]sdk.Secret
	for i := range secrets {
		var err error
		if secrets[i], err = inv.NewSecret(ctx, c.Prefix); err != nil {
			return err
		}
	}
	r := sdk.Request{Method: "POST", Path: "/thing/echo", Body: fmt.Appendf(nil, `{"key":%q,"b":[{"new_key":"%s"}]}`, secrets[0], secrets[1])}
	if c.Elsewhere {
		r.Body = fmt.Appendf(nil, `{"metadata":{"note":%q}}`, secrets[0])
	}
	var saw strings.Builder
	if c.Stream {
		response, body, err := inv.Stream(ctx, r)
		if err != nil {
			return err
		}
		defer body.Close()
		fmt.Fprint(&saw, response.Headers)
		if _, err := io.Copy(&saw, body); err != nil {
			return err
		}
	} else {
		response, err := inv.Do(ctx, r)
		if err != nil {
			return err
		}
		fmt.Fprint(&saw, response.Headers, string(response.Body))
	}
	inv.Notice("%s %s", secrets[0].SHA256, secrets[1].SHA256)
	inv.Log("log %s", secrets[0])
	if err := inv.Print(saw.String() + "\n"); err != nil {
		return err
	}
	return inv.Emit(map[string]any{"made": secrets[:], "again": secrets[0]})
}

type promptCmd struct {
	Size int `arg:""`
	N    int `arg:""`
}

func (c *promptCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	for range c.N {
		line, err := inv.Prompt(ctx, strings.Repeat("?", c.Size))
		switch {
		case errors.Is(err, io.EOF):
			line = "the end"
		case err != nil:
			return err
		}
		if err := inv.Print(line + "\n"); err != nil {
			return err
		}
	}
	return nil
}

type lockCmd struct {
	Name  string `arg:""`
	N     int    `default:"1" help:"How many, with names of their own."`
	Again bool   `help:"Take the same one again."`
	Hold  bool   `help:"Keep it until the end of standard input."`
	Key   string `stdin:"" help:"- is standard input."`
}

func (c *lockCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	for i := range c.N {
		name := c.Name
		if i > 0 {
			name = fmt.Sprint(c.Name, i)
		}
		if _, err := inv.Lock(ctx, "thing", name); err != nil {
			return err
		}
	}
	if c.Again {
		if _, err := inv.Lock(ctx, "thing", c.Name); err != nil {
			return err
		}
	}
	if err := inv.Print("locked\n"); err != nil || !c.Hold {
		return err
	}
	_, err := inv.Input(ctx, "key", 0)
	return err
}

type otherCmd struct {
	Method string         `arg:""`
	Path   string         `arg:""`
	Key    []string       `stdin:"" help:"Keys."`
	As     string         `help:"The argument whose key is used."`
	Hash   string         `help:"The hash of the key."`
	At     string         `help:"The flag whose gateway is asked."`
	There  sdk.GatewayRef `gatewaykey:"there-key" help:"Another gateway."`
	// ThereKey is one that this process does not get.
	ThereKey string `name:"there-key" help:"Its key."`
}

func (c *otherCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	if c.ThereKey != "" || inv.Given("there-key") {
		return errors.New("I have the key")
	}
	for i, key := range c.Key {
		if key == "-" {
			if _, err := inv.Input(ctx, "key", i); err != nil {
				return err
			}
		}
	}
	if c.As != "" {
		inv = inv.As(c.As, c.Hash)
	}
	if c.At != "" {
		inv = inv.At(c.At)
	}
	response, err := inv.Do(ctx, sdk.Request{Method: c.Method, Path: c.Path})
	if err != nil {
		return err
	}
	return inv.Print(string(response.Body))
}

type streamCmd struct {
	Close int `help:"Close the body after so many chunks, and wait for the end of standard input."`

	Key string `stdin:"" default:"-" help:"Standard input."`
}

func (c *streamCmd) Run(ctx context.Context, inv *sdk.Invocation) error {
	_, body, err := inv.Stream(sdk.Attempting(ctx, "pass it on"), sdk.Request{Method: "GET", Path: "/thing/stream"})
	if err != nil {
		return err
	}
	defer body.Close()
	buffer := make([]byte, 1000)
	for chunks := 1; ; chunks++ {
		n, err := body.Read(buffer)
		if err := inv.Print(string(buffer[:n])); err != nil {
			return err
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case chunks == c.Close:
			if err := body.Close(); err != nil {
				return err
			}
			_, err := inv.Input(ctx, "key", 0)
			return err
		}
	}
}
