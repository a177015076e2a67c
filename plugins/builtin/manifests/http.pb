
http1.0.0Send any request to the gateway*Þ	
request&Send one request and print the answer."¿The key is added by the program. A JSON answer is filtered and formatted like every output; an event stream is printed as it comes; anything else is printed as it is. No redirect is followed.*/
-http request GET /v1/models --jq '.data[].id'*x
vhttp request POST /chat/completions --json '{"model": "mock-gpt", "messages": [{"role": "user", "content": "Hello"}]}'*8
6http request GET /v2/model/info --paginate --jq length0:G
jsonjZbodyzJSON€’'The body as JSON; @FILE and @- read it.˜:n
datadZbodyzTEXT€’NThe body: JSON if it parses as such, else text as it is; @FILE and @- read it.˜:L
inputZbodyzFILE’4The body from a file, as it is; - is standard input.:Œ
fieldf(Zbodyz
PATH=VALUE€’fA field of a JSON body, typed as LiteLLM's schema has it; with GET and HEAD, a parameter of the query.:g
headerH(z
NAME:VALUE€’FA header. Authorization and others that carry credentials are refused.:=
includei’,Print the status line and the headers first.:>
paginate’/Read all pages of a list and print them as one.B>
method8’/GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS.B@
path8’3Path from the gateway's root; it may have a ?query.J25
*
/{pathâ€¦}$send the request that the user wrote