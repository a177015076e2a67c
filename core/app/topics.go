package app

import (
	"maps"
	"slices"
)

func topicNames() []string { return slices.Sorted(maps.Keys(topics)) }

// topics are the texts of `litellm-proxy help TOPIC`.
var topics = map[string]string{
	"exit-codes": `Exit codes

  0    done; also when the reader of the output stopped reading
  1    failed
  2    usage: the command line is wrong
  3    part of a batch failed
  4    not signed in, or not allowed (401, 403)
  5    not found (404)
  6    refused by the server (other 4xx)
  7    not reachable: network, 5xx, or 429 after retries
  8    differences found, when asked for
  9    a guard refused: confirmation missing
  10   a plugin could not run
  11   a script threw
  12   timed out
  130  interrupted
`,
	"environment": `Environment

  LITELLM_PROXY_URL      address of the gateway
  LITELLM_PROXY_API_KEY  key for it
  LITELLM_PROXY_PROFILE  profile to use; "sandbox" is the embedded gateway
  BROWSER                what login opens; the system's browser without it
  NO_COLOR               no colours when it is not empty
  HTTPS_PROXY, NO_PROXY  proxies, as other programs read them; never used for
                         this machine
  XDG_CONFIG_HOME        where the configuration is; without it ~/.config
  XDG_STATE_HOME         where the log, the sandbox and, without a keyring,
                         sign-ins are kept; without it ~/.local/state
  XDG_RUNTIME_DIR        where plugins' sockets live while a command runs

Address and key come from one layer, the first of: --base-url and --api-key;
--profile; LITELLM_PROXY_URL and LITELLM_PROXY_API_KEY; LITELLM_PROXY_PROFILE or
the profile in use; http://localhost:4000. A layer that gives only a key uses
the next layer's address; one that gives only an address uses the sign-in that
is kept for it. A key is never sent to an address that it was not given for.
`,
	"output": `Output

Data goes to standard output, everything else to standard error.

                on a terminal      in a pipe                -o json
  a list        table, fitted      TSV with header, uncut   array
  one record    two columns        JSON object              object

  -o table|wide|json|jsonl|yaml|csv|tsv   wide shows all columns, uncut
  --format table|json                     the older spelling
  --columns NAME,…                        columns of the command, or members
                                          such as model_info.id
  --no-headers                            no header in table, csv and tsv
  -q, --jq EXPRESSION                     see litellm-proxy help jq

Numbers are printed with the digits the gateway sent. On a terminal, control and
direction-changing characters are shown as escapes in every format. CSV cells
are not changed for spreadsheets: a cell that begins with = is a formula to some
of them.
`,
	"jq": `jq

--jq filters the value that -o json would print: the whole array of a list, the
object of one record. Strings are printed raw, unless -o json is given too. The
expression is checked before any request is made. It is gojq; it differs from jq
in that objects print their members sorted, whole numbers are exact at any size,
and input, $__loc__ and modules are not there.

  litellm-proxy models list --jq '.[].id'
  litellm-proxy models info --jq 'map(select(.model_info.db_model)) | length'
`,
	"scripts": `Scripts

A script is a .ts or .js file that calls this program's commands as functions:

  import { args, csv, job, keys } from "litellm";

  const opt = args({ people: { type: "file", positional: true, help: "CSV" } });
  const people = await csv.read(opt.people, { columns: { email: csv.email } });
  await job.each(people, { key: (p) => p.email }, async (p) => {
    const made = await keys.generate({ key_alias: p.email, max_budget: 50 });
    return { email: p.email, key: made.key };
  });

  litellm-proxy script list          those that ship with the program
  litellm-proxy script new NAME      begin one
  litellm-proxy script types         what an editor needs to know of them
  litellm-proxy script check FILE    find what is wrong without running it
  litellm-proxy script run FILE      run it; --dry-run rehearses

What is done in job.each is kept in a journal: litellm-proxy job list, show,
resume, retry.

A script reads and writes no file, no variable and no other profile unless an
argument of its own names it, or --allow-read, --allow-write, --allow-env,
--allow-profile do.
`,
	"profiles": `Profiles

A profile is a gateway's address with a name, the sign-in that is kept for it,
and what commands do there by default.

  litellm-proxy login https://llm.example.com        makes one, and signs in
  litellm-proxy profile add prod https://… --protected
  litellm-proxy --profile prod login
  litellm-proxy profile list
  litellm-proxy profile use prod                     when nothing else is named
  litellm-proxy --profile prod keys list             for one command
  litellm-proxy config set profiles.prod.timeout 30s

In a protected profile a delete asks for the profile's name. Where nobody can be
asked, --yes and --profile NAME must both be on the line.

sandbox is a profile that is always there: the gateway that this program embeds.
It starts by itself for as long as one command runs and keeps its state between
commands.

  litellm-proxy --profile sandbox models list
  litellm-proxy --profile sandbox sandbox reset      empties it
  litellm-proxy sandbox serve                        runs one as a server
`,
}
