// Package command turns manifests into a command line: its grammar, its help and its completion.
package command

// Globals are the flags that every command has. Their names are reserved in protocol.ReservedFlag.
type Globals struct {
	BaseURL   *string  `name:"base-url" placeholder:"URL" help:"Address of the gateway."`
	APIKey    *string  `name:"api-key" placeholder:"KEY" help:"Key for the gateway. Others on this machine can read it in the process list: prefer LITELLM_PROXY_API_KEY."`
	Profile   *string  `name:"profile" placeholder:"NAME" help:"Use this profile; sandbox starts the embedded gateway." complete:"profiles"`
	Output    string   `name:"output" short:"o" placeholder:"FORMAT" help:"Print table, wide, json, jsonl, yaml, csv or tsv." complete:"formats"`
	Format    string   `name:"format" placeholder:"FORMAT" help:"The older spelling of --output: table or json."`
	JQ        string   `name:"jq" short:"q" placeholder:"EXPRESSION" help:"Filter the JSON output with a jq expression."`
	Columns   []string `name:"columns" placeholder:"NAME,…" help:"Show these columns or members."`
	NoHeaders bool     `name:"no-headers" help:"Leave out the header of a table, csv or tsv."`
	DryRun    bool     `name:"dry-run" help:"Print what would be written; write nothing."`
	Yes       bool     `name:"yes" short:"y" help:"Answer every question with yes."`
	Max       *int     `name:"max" placeholder:"N" help:"Write to no more than this many things that a filter or standard input selects; 25 if not given."`
	Debug     bool     `name:"debug" help:"Print requests and answers to standard error, without secrets."`
	Reason    string   `name:"reason" placeholder:"TEXT" help:"Why this is done: for the log of what you write, and for the gateway's own."`
	NoColor   bool     `name:"no-color" help:"No colours. So does the variable NO_COLOR."`
	Timeout   *string  `name:"timeout" placeholder:"DURATION" help:"Give up after this long, such as 30s or 2m."`
	CACert    string   `name:"ca-cert" placeholder:"FILE" help:"Trust the certificates in this PEM file too." complete:"files"`
	Version   bool     `name:"version" short:"v" help:"Print the version."`
	Help      bool     `name:"help" short:"h" help:"Print help for a command."`
}

// valued are the globals that take a value, for finding a command's first word among them.
var valued = map[string]bool{
	"base-url": true, "api-key": true, "profile": true, "output": true, "format": true, "jq": true, "columns": true,
	"timeout": true, "ca-cert": true, "max": true, "reason": true, "o": true, "q": true,
}

// firstWord returns the first argument that is neither a global flag nor its value, and where it stands; -1 for none.
func firstWord(args []string) (string, int) {
	for i := 0; i < len(args); i++ {
		a := args[i]
		switch {
		case a == "--":
			return "", -1
		case len(a) > 2 && a[:2] == "--":
			if valued[a[2:]] {
				i++
			}
		case len(a) > 1 && a[0] == '-':
			for j := 1; j < len(a); j++ {
				if valued[a[j:j+1]] {
					if j == len(a)-1 {
						i++
					}
					break
				}
			}
		default:
			return a, i
		}
	}
	return "", -1
}

// Words returns the first n words that are neither global flags nor their values, or fewer where there are not so many before
// "--", and where each stands.
func Words(args []string, n int) (words []string, at []int) {
	for from := 0; len(words) < n; {
		word, i := firstWord(args[from:])
		if i < 0 {
			return words, at
		}
		words, at = append(words, word), append(at, from+i)
		from += i + 1
	}
	return words, at
}

// FirstWord returns the word that names a command's resource, also of a line that cannot be parsed; "" for none.
func FirstWord(args []string) string {
	word, _ := firstWord(args)
	return word
}
