package script

import (
	"encoding/json"
	"errors"
	"sort"
	"strings"
	"unicode/utf16"
)

// segment maps a place of the bundle to one of a file; all numbers begin at 0, and columns count UTF-16 units.
type segment struct{ column, source, line, at int }

// readMap reads Map into segments, and returns the map that goja is given: goja counts columns from 1 on both sides, which the
// format does not, and finds no place behind the last one that is mapped.
func (p *Program) readMap() (shifted []byte, err error) {
	var m struct {
		Version  int      `json:"version"`
		Sources  []string `json:"sources"`
		Names    []string `json:"names"`
		Mappings string   `json:"mappings"`
	}
	if err := json.Unmarshal(p.Map, &m); err != nil {
		return nil, err
	}
	for i, s := range m.Sources {
		m.Sources[i] = strings.TrimPrefix(s, authorSpace+":")
	}
	p.sources = m.Sources
	var out strings.Builder
	var source, line, at int
	first := true
	for n, text := range strings.Split(m.Mappings, ";") {
		if n > 0 {
			out.WriteByte(';')
		}
		var segments []segment
		column := 0
		for i, one := range strings.Split(text, ",") {
			if one == "" {
				continue
			}
			numbers, err := decode(one)
			if err != nil {
				return nil, err
			}
			if column += numbers[0]; i == 0 {
				numbers[0]++
			}
			if len(numbers) >= 4 {
				source, line, at = source+numbers[1], line+numbers[2], at+numbers[3]
				segments = append(segments, segment{column, source, line, at})
				if first {
					numbers[3]++
				}
				first = false
			}
			if i > 0 {
				out.WriteByte(',')
			}
			encode(&out, numbers)
		}
		p.segments = append(p.segments, segments)
	}
	// The last line is ours: it is given to no file of the author's. goja finds no place behind the last one, so that is behind the
	// code.
	for n := len(p.segments); n < strings.Count(strings.TrimSuffix(p.Code, "\n"), "\n")+1; n++ {
		out.WriteByte(';')
	}
	encode(&out, []int{0, len(m.Sources) - source, -line, -at})
	out.WriteString(";;")
	encode(&out, []int{0, 0, 0, 0})
	m.Sources = append(m.Sources[:len(m.Sources):len(m.Sources)], bundleName)
	m.Mappings = out.String()
	return json.Marshal(m)
}

// Position returns the place in the author's file of a place in Code; both count from 1, and columns of the file are characters.
// The file is empty where the code is none of the author's.
func (p *Program) Position(line, column int) (file string, fileLine, fileColumn int) {
	if line < 1 || line > len(p.segments) {
		return "", 0, 0
	}
	segments := p.segments[line-1]
	i := sort.Search(len(segments), func(i int) bool { return segments[i].column >= column })
	if i == 0 {
		return "", 0, 0
	}
	s := segments[i-1]
	name := p.sources[s.source]
	if _, ok := p.texts[name]; !ok {
		return "", 0, 0
	}
	return name, s.line + 1, p.character(name, s.line+1, s.at+1)
}

// character turns a column that counts UTF-16 units from 1 into one that counts characters from 1.
func (p *Program) character(file string, line, unit int) int {
	rest, column := unit-1, 1
	for _, r := range p.line(file, line) {
		if rest <= 0 {
			break
		}
		rest -= max(1, utf16.RuneLen(r))
		column++
	}
	return column
}

// line returns a line of a file, without its end.
func (p *Program) line(file string, n int) string {
	text := p.texts[file]
	for i := 1; i < n; i++ {
		_, after, ok := strings.Cut(text, "\n")
		if !ok {
			return ""
		}
		text = after
	}
	text, _, _ = strings.Cut(text, "\n")
	return strings.TrimSuffix(text, "\r")
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

var errMap = errors.New("a mapping is malformed")

// decode reads the numbers of a segment: base 64 digits, the lowest five bits first, of which the lowest bit is the sign.
func decode(text string) ([]int, error) {
	var out []int
	for n, shift, i := 0, 0, 0; i < len(text); i++ {
		d := strings.IndexByte(digits, text[i])
		if d < 0 || shift > 30 {
			return nil, errMap
		}
		n |= (d & 31) << shift
		if shift += 5; d&32 != 0 {
			continue
		}
		if n&1 != 0 {
			n = -n
		}
		out = append(out, n/2)
		n, shift = 0, 0
	}
	if len(out) == 0 {
		return nil, errMap
	}
	return out, nil
}

func encode(b *strings.Builder, numbers []int) {
	for _, n := range numbers {
		if n <<= 1; n < 0 {
			n = -n | 1
		}
		for {
			d := n & 31
			if n >>= 5; n > 0 {
				d |= 32
			}
			b.WriteByte(digits[d])
			if n == 0 {
				break
			}
		}
	}
}
