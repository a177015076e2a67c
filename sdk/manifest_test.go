package sdk

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protojson"
)

// noRun is embedded by the commands of these tests: it makes them commands.
type noRun struct{}

func (noRun) Run(context.Context, *Invocation) error { return nil }

// everything uses every tag that the SDK reads.
type everything struct {
	Make    makeCmd `cmd:"" aliases:"create,new" effect:"write" noun:"pets" calls:"models list,keys generate" deprecated:"use build" interactive:"" help:"Make a pet."`
	Members struct {
		List   struct{ noRun }       `cmd:"" effect:"read" help:"List members."`
		Remove struct{ destroyPets } `cmd:"" effect:"destroy" hidden:"" help:"Remove members."`
	} `cmd:"" help:"Members of a pack."`
}

type makeCmd struct {
	noRun
	Emits[pet]
	Name    string       `arg:"" placeholder:"PET" complete:"pets" help:"Its name."`
	Friends []string     `arg:"" optional:"" help:"Names of others."`
	Note    string       `short:"n" placeholder:"TEXT" group:"more" help:"Costs $${price} and $5."`
	Tag     []string     `split:"" aliases:"label" default:"a,b"`
	Kind    *string      `enum:"cat,dog" xor:"kind"`
	Species string       `xor:"kind" hidden:"" deprecated:"use --kind"`
	State   string       `enum:"new,old" default:"new"`
	Team    string       `required:"" complete:"teams"`
	Count   int          `default:"-1"`
	Weight  *float64     ``
	Price   json.Number  ``
	Live    bool         `negatable:"" default:"true"`
	Every   Duration     ``
	Body    JSON         `atfile:"" sensitive:""`
	Set     []Assignment `short:"s" sensitive:""`
	File    Input        ``
}

func (makeCmd) Help() string { return "First paragraph.\n\nSecond paragraph." }

func (makeCmd) Examples() []Example { return []Example{{"pets make Ada", "a cat"}} }

type destroyPets struct {
	noRun
	Lists[pet]
}

// pet has columns and members of every type.
type pet struct {
	Name    string          `json:"name" column:"NAME" help:"Its name."`
	Secret  string          `json:"secret,omitempty" secret:""`
	Born    int64           `json:"born" column:"BORN,format=unix-time"`
	Seen    *string         `json:"seen" column:"SEEN,format=time,wide,name=last_seen"`
	Price   json.Number     `json:"price" column:"PRICE,format=dollars"`
	PerGram float64         `json:"per_gram" column:"$/1M,format=dollars-per-million"`
	Legs    *int            `json:"legs" column:"LEGS,format=number"`
	Good    bool            `json:"good"`
	Tags    []string        `json:"tags"`
	More    map[string]any  `json:"more"`
	Any     any             `json:"any"`
	Raw     json.RawMessage `json:"raw"`
	Owner   *owner          `json:"owner"`
	hidden  string          //nolint:unused // what has no json name is no member
	Skipped string          `json:"-"`
	base
}

type owner struct {
	Name string `json:"name" column:"OWNER,name=owner"`
	Home struct {
		City string `json:"city" column:"CITY,name=city,wide"`
	} `json:"home"`
}

type base struct {
	ID string `json:"id" column:"ID"`
}

// TestManifestGolden derives a manifest and compares it with testdata/manifest.json; UPDATE_GOLDEN=1 writes that.
func TestManifestGolden(t *testing.T) {
	p := &Plugin{
		Name: "pets", Version: "1.2.0", Summary: "Keep pets", Help: "At home.", MinHostVersion: "0.1.0", Commands: &everything{},
		Grants:  []Grant{{Methods: "get,POST", Path: "/pets/{id}", Why: "keep them"}, {Methods: "*", Path: "/x/{rest…}"}},
		Gateway: func(context.Context, string, string, func(string) error) error { return nil },
	}
	m, err := p.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := protojson.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := json.Indent(&got, raw, "", "\t"); err != nil {
		t.Fatal(err)
	}
	got.WriteByte('\n')
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile("testdata/manifest.json", got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("the manifest has changed (-golden +now); UPDATE_GOLDEN=1 accepts it:\n%s", diff)
	}
}

// TestManifestRefuses are the mistakes an author is told of, with the command and the field.
func TestManifestRefuses(t *testing.T) {
	for _, c := range []struct {
		name     string
		commands any
		want     string
	}{
		{"no Run", &struct {
			A struct{} `cmd:""`
		}{}, `command "a": it has no Run(context.Context, *sdk.Invocation) error`},
		{"no effect", &struct {
			A struct{ noRun } `cmd:""`
		}{}, `command "a": effect:"" is none of "read", "write", "destroy"`},
		{"an unknown effect", &struct {
			A struct{ noRun } `cmd:"" effect:"reads"`
		}{}, `effect:"reads"`},
		{"an optional enum that is no pointer", &struct {
			A struct {
				noRun
				X string `enum:"a,b"`
			} `cmd:"" effect:"read"`
		}{}, "enum"},
		{"a default that is none of the enum", &struct {
			A struct {
				noRun
				X string `enum:"a,b" default:""`
			} `cmd:"" effect:"read"`
		}{}, `flag --x: the default "" is none of its values`},
		{"a reserved name", &struct {
			A struct {
				noRun
				Output string
			} `cmd:"" effect:"read"`
		}{}, `command "a": flag --output: the name is reserved for litellm-proxy itself`},
		{"a reserved alias", &struct {
			A struct {
				noRun
				X string `aliases:"dry-run"`
			} `cmd:"" effect:"read"`
		}{}, "flag --dry-run: the name is reserved"},
		{"a reserved letter", &struct {
			A struct {
				noRun
				X string `short:"o"`
			} `cmd:"" effect:"read"`
		}{}, "flag -o: the letter is reserved"},
		{"a name kept for later", &struct {
			A struct {
				noRun
				X string `name:"x-y"`
			} `cmd:"" effect:"read"`
		}{}, "flag --x-y: the name is reserved"},
		{"the negation of a global", &struct {
			A struct {
				noRun
				X bool `name:"no-debug"`
			} `cmd:"" effect:"read"`
		}{}, "flag --no-debug: the name is reserved"},
		{"a negation of its own name", &struct {
			A struct {
				noRun
				X bool `negatable:"without"`
			} `cmd:"" effect:"read"`
		}{}, `flag --x: negatable must be empty: its negation is --no-x`},
		{"a choice with a default", &struct {
			A struct {
				noRun
				X string `xor:"z" default:"x"`
				Y string `xor:"z"`
			} `cmd:"" effect:"read"`
		}{}, `flag --x: a flag with xor cannot have a default`},
		{"a type that is no flag", &struct {
			A struct {
				noRun
				X map[string]string
			} `cmd:"" effect:"read"`
		}{}, "flag --x: type map[string]string is no flag or argument"},
		{"a list of lists", &struct {
			A struct {
				noRun
				X [][]string
			} `cmd:"" effect:"read"`
		}{}, "flag --x: type [][]string is no flag or argument"},
		{"a duration of package time", &struct {
			A struct {
				noRun
				X time.Duration
			} `cmd:"" effect:"read"`
		}{}, "flag --x: type time.Duration is no flag or argument: use sdk.Duration"},
		{"two commands of one name", &struct {
			A struct{ noRun } `cmd:"" name:"x" effect:"read"`
			B struct{ noRun } `cmd:"" name:"x" effect:"read"`
		}{}, `duplicate command name "x"`},
		{"an alias that another command has", &struct {
			A struct{ noRun } `cmd:"" effect:"read"`
			B struct{ noRun } `cmd:"" aliases:"a" effect:"read"`
		}{}, `command "b": another command is called "a"`},
		{"an argument named like a flag", &struct {
			A struct {
				noRun
				X string `arg:""`
				Y string `name:"x"`
			} `cmd:"" effect:"read"`
		}{}, `argument x: a flag has that name`},
		{"a variable in a help text", &struct {
			A struct{ noRun } `cmd:"" effect:"read" help:"Costs ${price}."`
		}{}, `undefined variable ${price}`},
		{"not a pointer to a struct", 7, "read the commands of plugin"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := (&Plugin{Name: "pets", Commands: c.commands}).Manifest()
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), `plugin "pets"`) {
				t.Errorf("%v\nwant %s", err, c.want)
			}
		})
	}
}
