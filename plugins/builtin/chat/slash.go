package chat

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

const slashHelp = `/model [NAME]    go on with another model; without NAME, choose one
/system [TEXT]   set the system message; without TEXT there is none
/history         show what has been said
/clear           begin anew; the model and the system message stay
/save [NAME]     keep the conversation under a name
/load NAME       go on with one that was kept
/list            list those that are kept
/exit            end, as Ctrl-D does
//…              a message that begins with a slash
A line is a message; what is pasted in one piece is one message. Ctrl-C ends an answer.`

// command does what a line that begins with a slash says. An error ends the conversation.
func (s *session) command(ctx context.Context, line string) error {
	word, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	switch word {
	case "/exit", "/quit", "/q":
		return errLeave
	case "/help":
		for text := range strings.SplitSeq(slashHelp, "\n") {
			s.inv.Notice("%s", text)
		}
	case "/model":
		return s.setModel(ctx, rest)
	case "/system":
		if s.System = rest; rest == "" {
			s.inv.Notice("there is no system message now")
		} else {
			s.inv.Notice("the system message is set")
		}
	case "/clear":
		s.Turns, s.name = nil, ""
		s.inv.Notice("the conversation begins anew")
	case "/history":
		return s.history()
	case "/save":
		return s.save(ctx, rest)
	case "/load":
		s.load(rest)
	case "/list":
		s.list()
	default:
		s.inv.Notice("there is no %s: /help lists what there is; // in front sends it as a message", word)
	}
	return nil
}

func (s *session) setModel(ctx context.Context, name string) error {
	if name == "" {
		var err error
		if name, err = s.choose(ctx); err != nil {
			if ctx.Err() != nil {
				return err
			}
			s.failed(err, nil)
			return nil
		}
		if name == "" {
			return errLeave
		}
	}
	s.Model = name
	return nil
}

// history shows what has been said, on standard output.
func (s *session) history() error {
	if len(s.Turns) == 0 {
		s.inv.Notice("nothing has been said yet")
	}
	if s.System != "" {
		if err := s.inv.Print("system: " + s.System + "\n"); err != nil {
			return err
		}
	}
	for _, t := range s.Turns {
		who := "you"
		if t.Role != "user" {
			who = t.Model
		}
		if t.Cut {
			who += " (cut)"
		}
		if err := s.inv.Print(who + ": " + strings.TrimRight(t.Content, "\n") + "\n"); err != nil {
			return err
		}
	}
	return nil
}

// save keeps the conversation under a name. Another one of that name is replaced only when the person says so.
func (s *session) save(ctx context.Context, name string) error {
	if name == "" {
		name = s.name
	}
	shelf := shelfOf(s.inv)
	if name != s.name && shelf.has(name) {
		if yes, err := s.replaces(ctx, name); !yes {
			return err
		}
	}
	path, err := shelf.save(name, s.conversation)
	if err != nil {
		s.wrong(err)
		return nil
	}
	s.name = name
	s.inv.Notice("saved as %s, for you alone: %s", name, path)
	return nil
}

// replaces asks whether a conversation is to be replaced. An error ends this one.
func (s *session) replaces(ctx context.Context, name string) (bool, error) {
	answer, err := s.inv.Prompt(ctx, fmt.Sprintf("there is a conversation %s: replace it? [y/N] ", name))
	switch answer = strings.ToLower(strings.TrimSpace(answer)); {
	case errors.Is(err, io.EOF):
		return false, errLeave
	case err != nil && !errors.Is(err, sdk.ErrInterrupted):
		return false, err
	case answer == "y" || answer == "yes":
		return true, nil
	}
	s.inv.Notice("it is not saved")
	return false, nil
}

// load goes on with a conversation that was kept. One that cannot be read leaves everything as it is.
func (s *session) load(name string) {
	c, err := shelfOf(s.inv).load(name)
	if err != nil {
		s.wrong(err)
		return
	}
	s.conversation, s.name = *c, name
	s.inv.Notice("loaded %s: %d messages with %s; /history shows them", name, len(c.Turns), c.Model)
}

func (s *session) list() {
	kept, err := shelfOf(s.inv).list()
	if err != nil {
		s.wrong(err)
		return
	}
	if len(kept) == 0 {
		s.inv.Notice("no conversation is kept; /save NAME keeps this one")
	}
	for _, k := range kept {
		s.inv.Notice("%s  %d messages with %s, %s", k.name, len(k.Turns), k.Model, k.saved.Format("2006-01-02 15:04"))
	}
}

// wrong shows why something was not done here; no gateway was asked.
func (s *session) wrong(err error) {
	s.inv.Notice("litellm-proxy: %s", problem.As(err).Message)
}
