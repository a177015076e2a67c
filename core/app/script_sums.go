package app

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/job"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// sums are what must be the same when the job is resumed.
func (s *scripted) sums() ([]job.Sum, error) {
	out := []job.Sum{{What: "script", Value: s.program.Sum, Shown: s.name}}
	plain := map[string][]string{}
	for _, p := range slices.Concat(s.taken.Arguments, s.taken.Flags) {
		for _, v := range values(s.line, p.GetName()) {
			if p.GetKind() != protocol.Kind_KIND_FILE {
				plain[p.GetName()] = append(plain[p.GetName()], v)
				continue
			}
			sum, err := s.sumOf(p.GetName(), v)
			if err != nil {
				return nil, err
			}
			out = append(out, sum)
		}
	}
	for _, name := range s.others() {
		gateway, err := s.resolve(config.Line{Profile: &name})
		if err != nil {
			return nil, err
		}
		out = append(out, job.Sum{What: "gateway " + name, Value: whereIs(gateway)})
	}
	text, err := json.Marshal(plain)
	if err != nil {
		return nil, fmt.Errorf("encode the arguments of %s: %w", s.name, err)
	}
	return append(out, job.Sum{What: "arguments", Value: s.secrets.String(string(text))}, job.Sum{What: "gateway", Value: whereIs(s.gateway)}), nil
}

// sumOf is what must be the same of a file that an argument names.
func (s *session) sumOf(argument, path string) (job.Sum, error) {
	cannot := func(err error) (job.Sum, error) {
		return job.Sum{}, problem.Wrap(problem.Usage, err, "cannot read the file for %s", argument)
	}
	f, err := os.Open(s.inWorkDir(path))
	if err != nil {
		return cannot(err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && !info.Mode().IsRegular() {
		return job.Sum{}, problem.New(problem.Usage, "cannot make a job of %s: it is no file that could be read again", path).
			WithHint("write it to a file first").WithState(problem.Unchanged)
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return cannot(err)
	}
	return job.Sum{What: "file " + argument, Value: fmt.Sprintf("%x", sum.Sum(nil)), Shown: path}, nil
}

// others are the profiles that the line lets the script use, beside the run's own.
func (s *scripted) others() []string {
	out := slices.Clone(values(s.line, "allow-profile"))
	for _, p := range slices.Concat(s.taken.Arguments, s.taken.Flags) {
		if p.GetCompletion() == "profiles" {
			out = append(out, values(s.line, p.GetName())...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// whereIs is a gateway, as a job remembers it.
func whereIs(gateway config.Gateway) string {
	if gateway.Profile == config.Sandbox {
		return config.Sandbox
	}
	return gateway.URL
}
