package record

import (
	"strconv"
	"strings"
)

// decimal is the number 0.DIGITS × 10^point, exactly as it was written. Digits neither start nor end with 0; none are zero.
type decimal struct {
	negative bool
	digits   string
	point    int
}

// parseDecimal reads a JSON number. It refuses what would take more than a line to write out.
func parseDecimal(s string) (decimal, bool) {
	var d decimal
	s, d.negative = strings.CutPrefix(s, "-")
	mantissa, exponent := s, 0
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		var err error
		if exponent, err = strconv.Atoi(strings.TrimPrefix(s[i+1:], "+")); err != nil {
			return d, false
		}
		mantissa = s[:i]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if whole == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return d, false
	}
	d.digits = strings.TrimLeft(whole+fraction, "0")
	d.point = len(whole) + exponent - (len(whole+fraction) - len(d.digits))
	d.digits = strings.TrimRight(d.digits, "0")
	if d.digits == "" {
		d.point = 0
	}
	return d, d.point > -60 && d.point < 60 && len(d.digits) < 60
}

// round returns d with at most so many digits after the point, the half away from zero.
func (d decimal) round(places int) decimal {
	keep := d.point + places
	if keep >= len(d.digits) {
		return d
	}
	if keep < 0 {
		return decimal{}
	}
	digits := []byte("0" + d.digits[:keep])
	if d.digits[keep] >= '5' {
		for i := len(digits) - 1; ; i-- {
			if digits[i]++; digits[i] <= '9' {
				break
			}
			digits[i] = '0'
		}
	}
	if digits[0] == '0' {
		digits = digits[1:]
	} else {
		d.point++
	}
	d.digits = strings.TrimRight(string(digits), "0")
	if d.digits == "" {
		return decimal{}
	}
	return d
}

// dollars writes d out with a dollar sign and at least two digits after the point.
func (d decimal) dollars() string {
	digits, point := d.digits, d.point
	if point <= 0 {
		digits = strings.Repeat("0", 1-point) + digits
		point = 1
	}
	if len(digits) < point+2 {
		digits += strings.Repeat("0", point+2-len(digits))
	}
	sign := ""
	if d.negative && d.digits != "" {
		sign = "-"
	}
	return sign + "$" + digits[:point] + "." + digits[point:]
}
