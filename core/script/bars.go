package script

import (
	"math"
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"
)

// bars is a picture of numbers as horizontal bars: a line each, with the label, the bar, and the number on the right.
type bars struct {
	title, unit string
	rows        []bar
	width       int // in characters; 80 if 0
	ascii       bool
}

type bar struct {
	label string
	value float64
}

// eighths are blocks of an eighth to seven eighths of a character.
const eighths = "▏▎▍▌▋▊▉"

// String draws the picture. Numbers have as many decimals as the one with the most, but not more than two.
func (b bars) String() string {
	var out strings.Builder
	if b.title != "" {
		out.WriteString(b.clean(b.title) + "\n")
	}
	width := b.width
	if width <= 0 {
		width = 80
	}
	labels, numbers := make([]string, len(b.rows)), make([]string, len(b.rows))
	widestLabel, widestNumber, largest := 0, 0, 0.0
	decimals := b.decimals()
	for i, r := range b.rows {
		labels[i], numbers[i] = b.clean(r.label), b.number(r.value, decimals)
		widestLabel, widestNumber = max(widestLabel, runewidth.StringWidth(labels[i])), max(widestNumber, len([]rune(numbers[i])))
		if !math.IsNaN(r.value) && !math.IsInf(r.value, 0) {
			largest = max(largest, math.Abs(r.value))
		}
	}
	widestLabel = min(widestLabel, max(8, width/3))
	room := max(1, width-widestLabel-widestNumber-2)
	for i, r := range b.rows {
		dots := "…"
		if b.ascii {
			dots = "."
		}
		label := runewidth.Truncate(labels[i], widestLabel, dots)
		drawn := b.draw(r.value, largest, room)
		out.WriteString(runewidth.FillRight(label, widestLabel) + " " + runewidth.FillRight(drawn, room) + " ")
		out.WriteString(strings.Repeat(" ", widestNumber-len([]rune(numbers[i]))) + numbers[i] + "\n")
	}
	return out.String()
}

// draw is the bar itself; one that is not zero shows.
func (b bars) draw(value, largest float64, room int) string {
	if largest == 0 || math.IsNaN(value) || value == 0 {
		return ""
	}
	share := min(1, math.Abs(value)/largest) * float64(room)
	if b.ascii {
		return strings.Repeat("#", max(1, int(math.Round(share))))
	}
	n := max(1, int(math.Round(share*8)))
	text := strings.Repeat("█", n/8)
	if rest := n % 8; rest > 0 {
		text += string([]rune(eighths)[rest-1])
	}
	return text
}

func (b bars) decimals() int {
	most := 0
	for _, r := range b.rows {
		text := strconv.FormatFloat(r.value, 'f', -1, 64)
		if _, after, ok := strings.Cut(text, "."); ok {
			most = max(most, min(2, len(after)))
		}
	}
	return most
}

// number writes a number with its unit: "$" in front, any other behind it.
func (b bars) number(v float64, decimals int) string {
	text := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64)
	whole, rest, _ := strings.Cut(text, ".")
	var grouped strings.Builder
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 && len(whole) > 4 {
			grouped.WriteByte(',')
		}
		grouped.WriteRune(r)
	}
	text = grouped.String()
	if rest != "" {
		text += "." + rest
	}
	sign := ""
	if v < 0 && strings.Trim(text, "0.,") != "" {
		sign = "-"
	}
	switch unit := b.clean(b.unit); unit {
	case "":
		return sign + text
	case "$":
		return sign + "$" + text
	default:
		return sign + text + " " + unit
	}
}

// clean is text for one line.
func (b bars) clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			return '?'
		case b.ascii && r >= 0x7f:
			return '?'
		}
		return r
	}, text)
}
