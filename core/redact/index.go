package redact

// span is one occurrence of a form in a text.
type span struct {
	from, to int
	label    string
}

// index finds many forms in one pass (Wu and Manber): it looks at the last three bytes of a window and mostly learns
// that it may skip the window. Forms can be added at any time, at a cost that does not depend on how many there are.
type index struct {
	width int // bytes of each form that are looked at first; no form is shorter
	forms []form
	bits  uint
	skip  []uint8            // by hash of three bytes: how far the window may move
	ends  map[uint32][]int32 // by the same hash: the forms whose window ends so
}

const block = 3

func (x *index) hash(b []byte) uint32 {
	v := uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16
	return (v * 2654435761) >> (32 - x.bits)
}

func (x *index) add(f form) {
	x.forms = append(x.forms, f)
	// A full table skips nothing: keep it at most a sixteenth full, up to 4 MiB.
	entries := len(x.forms) * (x.width - block + 1)
	if x.bits == 0 || (entries*16 > len(x.skip) && x.bits < 22) {
		x.bits = max(14, x.bits+1)
		for entries*16 > 1<<x.bits && x.bits < 22 {
			x.bits++
		}
		x.skip = make([]uint8, 1<<x.bits)
		for i := range x.skip {
			x.skip[i] = uint8(x.width - block + 1)
		}
		x.ends = map[uint32][]int32{}
		for i := range x.forms {
			x.enter(i)
		}
		return
	}
	x.enter(len(x.forms) - 1)
}

func (x *index) enter(i int) {
	window := []byte(x.forms[i].text[:x.width])
	for j := 0; j+block <= x.width; j++ {
		h := x.hash(window[j : j+block])
		x.skip[h] = min(x.skip[h], uint8(x.width-block-j))
	}
	h := x.hash(window[x.width-block:])
	x.ends[h] = append(x.ends[h], int32(i))
}

// holds says whether one of the forms occurs in b.
func (x *index) holds(b []byte) bool {
	hit := false
	x.scan(b, func(*form, int) bool { hit = true; return false })
	return hit
}

// find appends the occurrences of all forms in b to found.
func (x *index) find(b []byte, found []span) []span {
	x.scan(b, func(f *form, from int) bool {
		found = append(found, f.span(b, from))
		return true
	})
	return found
}

// scan calls hit with each form that occurs in b, and where, until it says no.
func (x *index) scan(b []byte, hit func(f *form, from int) bool) {
	if len(x.forms) == 0 {
		return
	}
	skip, shift := x.skip, 32-x.bits
	for end := x.width; end <= len(b); {
		w := b[end-block : end : end]
		v := uint32(w[0]) | uint32(w[1])<<8 | uint32(w[2])<<16
		h := (v * 2654435761) >> shift
		if s := skip[h]; s > 0 {
			end += int(s)
			continue
		}
		from := end - x.width
		for _, i := range x.ends[h] {
			f := &x.forms[i]
			if len(b)-from >= len(f.text) && string(b[from:from+len(f.text)]) == f.text && !hit(f, from) {
				return
			}
		}
		end++
	}
}
