package app

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/core/command"
	"github.com/litellm-proxy/litellm-proxy/core/script/types"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// write makes a file that must not be there yet.
func (s *session) write(path string, text []byte, replace bool) error {
	flags := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if replace {
		flags = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	f, err := os.OpenFile(s.inWorkDir(path), flags, 0o644)
	if err == nil {
		if _, err = f.Write(text); err == nil {
			err = f.Close()
		} else {
			f.Close()
		}
	}
	if os.IsExist(err) {
		return problem.New(problem.Usage, "cannot write %s: it exists", path).WithHint("name another file, or move it away")
	}
	if err != nil {
		return problem.Wrap(problem.Failed, err, "cannot write %s", path)
	}
	s.say("wrote %s", path)
	return nil
}

// runScriptTypes writes what an editor needs to know of scripts.
func runScriptTypes(_ context.Context, s *session, line *command.Line) error {
	manifests, err := s.manifests()
	if err != nil {
		return err
	}
	dir := value(line, "dir")
	if err := s.write(filepath.Join(dir, "litellm.d.ts"), []byte(types.Declare(manifests)), true); err != nil {
		return err
	}
	config := filepath.Join(dir, "tsconfig.json")
	if _, err := os.Stat(s.inWorkDir(config)); err == nil {
		s.say("left %s as it is", config)
		return nil
	}
	return s.write(config, []byte(types.Config()), false)
}

// starter is what a new script begins as.
const starter = `// NAME: say here in one line what it does.
//   litellm-proxy script run ./NAME.ts --dry-run
import { args, job, keys, output } from "litellm";

const opt = args({
  days: { type: "number", default: 90, help: "only keys that live longer than this many days" },
});

const before = Date.now() + opt.days * 86_400_000;
const lasting = (await keys.list()).filter((k) => k.expires === null || Date.parse(k.expires) > before);

// Every write in here is a step of its own: a run that is killed resumes after the last one that happened.
await job.each(lasting, { key: (k) => k.token, concurrency: 8 }, async (k) => {
  output.record({ key: k.key_name, alias: k.key_alias, spend: k.spend });
  return { token: k.token, alias: k.key_alias };
});
`

func runScriptNew(_ context.Context, s *session, line *command.Line) error {
	name := value(line, "script")
	if !isFile(name) {
		name += ".ts"
	}
	base := strings.TrimSuffix(path.Base(filepath.ToSlash(name)), filepath.Ext(name))
	return s.write(name, []byte(strings.ReplaceAll(starter, "NAME", base)), false)
}

func runScriptCopy(_ context.Context, s *session, line *command.Line) error {
	name := value(line, "script")
	text, err := s.source(name)
	if err != nil {
		return err
	}
	to := value(line, "to")
	if to == "" {
		to = path.Base(strings.TrimSuffix(filepath.ToSlash(name), ".ts")) + ".ts"
	}
	return s.write(to, text, false)
}
