
chat1.0.0&Ask models: once, or in a conversation*¡7Talk with a model, or ask it what standard input holds."ÀOn a terminal this is a conversation: a line is a message, /help lists what else can be typed, Ctrl-C ends an answer and Ctrl-D the conversation. Elsewhere all of standard input is one message, and the answer goes to standard output. A model that is called as one of the commands is named behind --: chat -- completions.*u
1chat mock-gpt -s 'Be brief.' --input question.txt@one question; without --input, and on a terminal, a conversation*7
5chat mock-gpt --jq .usage.total_tokens < question.txt0:9
systemszTEXT’#A system message before all others.:j
temperaturetzNUMBER’MHow freely the model chooses its words. The model's own default if not given.:2

max-tokenszN’The longest answer, in tokens.:h
inputB-zFILE’SAsk what the file holds, once. Standard input that is no terminal is asked as well.B\
modelŠmodels’GThe model to talk with. A conversation without it begins with a choice.JË
idIDid
createdCREATEDcreated 
modelMODELmodel3
prompt_tokensPROMPT TOKENSusage.prompt_tokens?
completion_tokensCOMPLETION TOKENSusage.completion_tokens+
total_tokensTOTALusage.total_tokens(
idstring
objectstring
createdinteger
modelstringL
choicesarray28The answers, each with index, message and finish_reason.M
usageobject2:How many tokens it took; null if the gateway does not say.h*æ
completions1Ask a model for the completion of messages, once."õOn a terminal the answer's text is printed as it comes; elsewhere, and with -o or --jq, the response object. Every model call costs what the model costs; --dry-run shows the request and sends nothing. A call is sent once, whatever becomes of it.*9
7chat completions mock-gpt -m "user:Hello, how are you?"*–
achat completions mock-gpt -s "Be brief." -m user:@question.txt --jq '.choices[0].message.content'1the question from a file, the answer's text alone0:w
messagem(8zROLE:CONTENT’NA message, such as "user:Hello, you". ROLE:@FILE and ROLE:@- read the content.˜¸:9
systemszTEXT’#A system message before all others.:E
streamP’6Have the answer come in pieces. On a terminal it does.:j
temperaturetzNUMBER’MHow freely the model chooses its words. The model's own default if not given.:M
top-pzNUMBER’9Choose among the likeliest words that make up this share.:
nzN’How many answers.:2

max-tokenszN’The longest answer, in tokens.:?
presence-penaltyzNUMBER’ Avoid words that have been used.:F
frequency-penaltyzNUMBER’&Avoid words that have been used often.::
userzID’+The end user on whose behalf this is asked.:
set(z
PATH=VALUE€’uAny other field of the request, typed as LiteLLM's schema has it. PATH:=JSON forces JSON, PATH=@FILE reads the value.B(
model8Šmodels’The model to ask.JË
idIDid
createdCREATEDcreated 
modelMODELmodel3
prompt_tokensPROMPT TOKENSusage.prompt_tokens?
completion_tokensCOMPLETION TOKENSusage.completion_tokens+
total_tokensTOTALusage.total_tokens(
idstring
objectstring
createdinteger
modelstringL
choicesarray28The answers, each with index, message and finish_reason.M
usageobject2:How many tokens it took; null if the gateway does not say.2B
GET
/v1/models/let you choose among the models the key may use2H
POST/chat/completions-ask a model, which costs what the model costs