package app

import (
	"context"
	"fmt"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/lock"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

func configCommands() own {
	key := func() *protocol.Parameter {
		return completed("settings", placed("KEY", text("key", "Such as timeout, or profiles.prod.timeout for one profile. Keys: "+strings.Join(config.TopKeys(), ", ")+".")))
	}
	return ownCommands("config", "Settings",
		ownCommand{&protocol.Command{
			Path: []string{"list"}, Summary: "List all settings, with where each comes from.", Effect: protocol.Effect_EFFECT_READ,
			Record: listOf("settings", "KEY", "VALUE", "FROM"),
		}, runConfigList},
		ownCommand{&protocol.Command{
			Path: []string{"get"}, Summary: "Print a setting.", Effect: protocol.Effect_EFFECT_READ,
			Help: "Exits with 1 where nothing is set.", Arguments: []*protocol.Parameter{key()}, Record: listOf("settings", "KEY", "VALUE", "FROM"),
		}, runConfigGet},
		ownCommand{&protocol.Command{
			Path: []string{"set"}, Summary: "Change a setting in the configuration file; its comments stay.", Effect: protocol.Effect_EFFECT_READ,
			Examples: []*protocol.Example{
				{Command: "config set timeout 30s", Note: "for all gateways"},
				{Command: "config set profiles.prod.protected true", Note: "for one"},
			},
			Arguments: []*protocol.Parameter{required(key()), required(text("value", "Its value."))},
		}, runConfigSet},
		ownCommand{&protocol.Command{
			Path: []string{"unset"}, Summary: "Remove a setting from the configuration file.", Effect: protocol.Effect_EFFECT_READ,
			Arguments: []*protocol.Parameter{required(key())},
		}, runConfigUnset},
		ownCommand{&protocol.Command{
			Path: []string{"path"}, Summary: "Print where the configuration file is.", Effect: protocol.Effect_EFFECT_READ,
		}, runConfigPath},
	)
}

// settingRecord is a setting with where it comes from.
type settingRecord struct {
	Key   string `json:"key"`
	Value any    `json:"value"`
	From  string `json:"from"`
}

func runConfigList(ctx context.Context, s *session, line *command.Line) error {
	records, err := s.settingsInForce()
	if err != nil {
		return err
	}
	return emit(ctx, s, line, records...)
}

// settingsInForce are all settings with their values, of the environment too.
func (s *session) settingsInForce() ([]settingRecord, error) {
	file, err := s.settings()
	if err != nil {
		return nil, err
	}
	var out []settingRecord
	for _, name := range []string{"LITELLM_PROXY_URL", "LITELLM_PROXY_API_KEY", "LITELLM_PROXY_PROFILE"} {
		text := s.Getenv(name)
		if text == "" {
			continue
		}
		switch name {
		case "LITELLM_PROXY_API_KEY":
			text = "(set)"
		case "LITELLM_PROXY_URL": // one that cannot be used may hold a password
			if u, err := config.ParseURL(text); err != nil {
				text = "(cannot be used: " + err.Error() + ")"
			} else {
				text = u.String()
			}
		}
		out = append(out, settingRecord{name, text, "the environment"})
	}
	kept := s.keptIn(file)
	for _, v := range file.Values() {
		if v.Key == "base_url" && kept.URL != "" { // ours, or the older tool's
			v.Value, v.From = kept.URL, kept.URLFrom
		}
		out = append(out, settingRecord{v.Key, v.Value, v.From})
	}
	return out, nil
}

func runConfigGet(ctx context.Context, s *session, line *command.Line) error {
	key := value(line, "key")
	if key == "" {
		return runConfigList(ctx, s, line)
	}
	if _, err := config.ParseKey(key); err != nil {
		return err
	}
	records, err := s.settingsInForce()
	if err != nil {
		return err
	}
	for _, r := range records {
		if r.Key != key {
			continue
		}
		if r.From == config.ByDefault {
			if r.Value != "" {
				return problem.New(problem.Failed, "%s is not set; the default is %v", key, r.Value)
			}
			break
		}
		if formatted(line.Globals) {
			return emit(ctx, s, line, r)
		}
		return s.print(fmt.Sprintln(r.Value))
	}
	return problem.New(problem.Failed, "%s is not set", key)
}

func runConfigSet(ctx context.Context, s *session, line *command.Line) error {
	key, err := config.ParseKey(value(line, "key"))
	if err != nil {
		return err
	}
	return s.edit(ctx, func(f *config.File) ([]byte, error) { return f.SetText(key, s.settingText(key, value(line, "value"))) })
}

// settingText is what people write for a setting: a path on the command line begins where they are, and not at the file.
func (s *session) settingText(key []string, text string) string {
	if text != "" && config.IsPath(key[len(key)-1]) && !strings.HasPrefix(text, "~/") {
		return s.inWorkDir(text)
	}
	return text
}

func runConfigUnset(ctx context.Context, s *session, line *command.Line) error {
	key, err := config.ParseKey(value(line, "key"))
	if err != nil {
		return err
	}
	there := false
	err = s.edit(ctx, func(f *config.File) (doc []byte, err error) {
		doc, there, err = f.Unset(key)
		return doc, err
	})
	if err == nil && !there {
		s.say("%s was not set", value(line, "key"))
	}
	return err
}

func runConfigPath(_ context.Context, s *session, _ *command.Line) error {
	path, err := s.configPath()
	if err != nil {
		return err
	}
	return s.print(path + "\n")
}

// edit changes the configuration file. Processes of this user do so one after the other.
func (s *session) edit(ctx context.Context, change func(*config.File) ([]byte, error)) error {
	path, err := s.configPath()
	if err != nil {
		return err
	}
	if dir := s.lockDir(); dir != "" {
		turn, err := lock.Acquire(ctx, dir, "configuration\x00"+path)
		switch {
		case err == nil:
			defer turn.Release()
		case ctx.Err() != nil: // somebody else still has it
			return context.Cause(ctx)
		} // without a directory for locks it must do without
	}
	s.file, s.fileErr = nil, nil
	file, err := s.settings()
	if err != nil {
		return err
	}
	doc, err := change(file)
	if err != nil {
		return err
	}
	s.file = nil
	return config.Write(path, file.Doc(), doc)
}
