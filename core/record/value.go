package record

import (
	"strconv"
	"strings"
	"time"
)

// shownCell returns a value as a table shows it.
func (t text) shownCell(value []byte, kind Kind, zone *time.Location) (string, error) {
	s, err := plainCell(value)
	if err != nil {
		return "", err
	}
	if s == "" {
		return missing, nil
	}
	switch kind {
	case UnixTime:
		s = unixTime(s, zone)
	case Time, Ago:
		s = clock(s, zone)
	case Dollars:
		s = dollars(s)
	case DollarsPerMillion:
		s = perMillion(s)
	}
	return t.cell(s), nil
}

const minute = "2006-01-02 15:04"

// unixTime returns s, seconds since 1970, as a time; s itself if it is something else.
func unixTime(s string, zone *time.Location) string {
	whole, _, _ := strings.Cut(s, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || seconds > 1<<40 || seconds < -1<<40 {
		return s
	}
	return time.Unix(seconds, 0).In(zone).Format(minute)
}

// clock returns s, a time of RFC 3339 with or without a zone, in a zone; s itself if it is something else.
func clock(s string, zone *time.Location) string {
	at, ok := parseTime(s)
	if !ok {
		return s
	}
	return at.In(zone).Format(minute)
}

func parseTime(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05Z07:00", time.DateTime} {
		if at, err := time.Parse(layout, s); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// ago returns s, a time of RFC 3339, as its distance from now in the largest unit that fits; s itself if it is something
// else.
func ago(s string, now time.Time) string {
	at, ok := parseTime(s)
	if !ok {
		return s
	}
	d := now.Sub(at)
	past := d >= 0
	d = d.Abs()
	const day = 24 * time.Hour
	text := strconv.Itoa(int(d/time.Second)) + " s"
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{365 * day, " y"}, {day, " d"}, {time.Hour, " h"}, {time.Minute, " min"}} {
		if d >= unit.length {
			text = strconv.Itoa(int(d/unit.length)) + unit.name
			break
		}
	}
	if past {
		return text + " ago"
	}
	return "in " + text
}

// hashDigits of a hash identify a key in practice, and every command takes them for it.
const hashDigits = 12

func shortHash(s string) string {
	if len(s) <= hashDigits {
		return s
	}
	return s[:hashDigits] + "…"
}

// dollars returns s, a number, as an amount to the cent; an amount below one cent keeps two digits that count. s itself
// if it is something else.
func dollars(s string) string {
	d, ok := parseDecimal(s)
	if !ok {
		return s
	}
	places := 2
	if first := d.point; len(d.digits) > 0 && first <= -2 { // 0.00d…
		places = 1 - first + 1
	}
	return d.round(places).dollars()
}

// perMillion returns s, dollars for one token, as dollars for a million, exactly; s itself if it is something else.
func perMillion(s string) string {
	d, ok := parseDecimal(s)
	if !ok {
		return s
	}
	if d.digits != "" {
		d.point += 6
	}
	return d.dollars()
}
