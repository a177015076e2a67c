package chat

// turn is one message of a conversation as it is kept.
type turn struct {
	Role    string `json:"role"`
	Content string `json:"content"`
	Model   string `json:"model,omitempty"` // that has said it
	Cut     bool   `json:"cut,omitempty"`   // not all of it came
}

// conversation is what has been said, and what is kept under a name.
type conversation struct {
	Model  string `json:"model"`
	System string `json:"system,omitempty"`
	Turns  []turn `json:"messages"`
}

// with are the messages of a request that goes on with text.
func (c conversation) with(text string) []message {
	var out []message
	if c.System != "" {
		out = append(out, message{"system", c.System})
	}
	for _, t := range c.Turns {
		out = append(out, message{t.Role, t.Content})
	}
	return append(out, message{"user", text})
}

// keep adds a message and its answer.
func (c *conversation) keep(text, answer string, cut bool) {
	c.Turns = append(c.Turns, turn{Role: "user", Content: text}, turn{Role: "assistant", Content: answer, Model: c.Model, Cut: cut})
}
