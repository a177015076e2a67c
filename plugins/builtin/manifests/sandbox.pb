
sandbox1.0.0$An embedded gateway to try things on"¼The sandbox behaves like LiteLLM 1.106.2, needs no installation and reaches no provider. With --profile sandbox every command runs on it; what is written there is kept until sandbox reset.*½
serve8Run the embedded gateway as a server, in the foreground."rOnce it is ready it prints the two variables that point litellm-proxy, or any other client, to it. Ctrl-C ends it.*%
#sandbox serve --addr 127.0.0.1:4000*c
Msandbox serve --fault 'POST /model/new=503x2' --fault '/v1/models=latency:2s'rehearse an outage0:O
addrB127.0.0.1:4000z	HOST:PORT’)Where to listen. Port 0 picks a free one.:[
dbB:memory:zFILE|:memory:’9Where to keep its state; in memory it is gone at the end.:>
seedBdemoJdemoJemptyzSEED’What a new database holds.:Ã
fault(zFAULT’­Misbehave: [METHOD ]PATH=ACTION[xTIMES], where ACTION is a status (503, 429:retry-after=2), latency:200ms, reset, cut, truncate, truncate-clean, html, redirect:URL or stall.:B
allow-remote’/Allow an address that other machines can reach.h*«
reset+Empty the gateway behind --profile sandbox.*
sandbox reset0Jb
databaseDATABASEdatabase
resultRESULTresult
databasestring
resultstring8