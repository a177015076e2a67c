package job

// Intents are those that an earlier run has noted, by their names.
func (s *Step) Intents() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]string{}
	for _, i := range s.intents {
		out[i.name] = i.identity
	}
	return out
}
