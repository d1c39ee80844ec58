using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Policies;
using IncidentActors.Silo;

namespace IncidentActors.Server.Hosting;

/// <summary>Every setting of the server, in the order in which the help shows them.</summary>
internal static class ServerSettings
{
    private const string Any = "a text";
    private const string PortNumber = "a number from 0 to 65535";

    public static readonly ImmutableArray<Setting> All =
    [
        new("--port", "N", "port on loopback, default 7070; 0 takes any free one", PortNumber, (o, v) => Port(v) is { } port ? o with { Port = port } : null),
        new("--data", "FOLDER", "where the data is, default ./data", Any, (o, v) => o with { Data = v }),
        new(
            "--reports", "FOLDER", "folder for the report files (chatroom.md, .tmp/incidents, docs/sprints); without it no report files are written", Any,
            (o, v) => o with { Reports = v }),
        new(
            "--journal", "STRING", "PostgreSQL instead of SQLite: \"Host=…;Database=…;Username=…\"; with a password better as INCIDENT_JOURNAL", Any,
            (o, v) => o with { Journal = v }),
        new(
            "--silo-port", "N", "port for other silos on the same PostgreSQL, default 11111, or a free one where that is taken", PortNumber,
            (o, v) => Port(v) is { } port ? o with { Silo = o.Silo with { SiloPort = port } } : null),
        new(
            "--silo-address", "IP",
            "address for other silos, default 127.0.0.1: silos on other machines need it, and tokens and --silo-certificate", "an IP address",
            (o, v) => IPAddress.TryParse(v, out var address) ? o with { Silo = o.Silo with { Address = address } } : null),
        new(
            "--silo-certificate", "FILE",
            "the silo's certificate (PEM), with --silo-key and --silo-ca: TLS on the silo's ports, with certificates on both sides. Replaced files "
            + "are used from the next connection on", Any,
            (o, v) => Tls(o, tls => tls with { Certificate = v })),
        new("--silo-key", "FILE", "the private key of --silo-certificate (PEM)", Any, (o, v) => Tls(o, tls => tls with { Key = v })),
        new(
            "--silo-ca", "FILE", "the certificate authorities of this cluster (PEM). They must issue no other certificates, because each one is trusted", Any,
            (o, v) => Tls(o, tls => tls with { Authority = v })),
        new(
            "--silo-unencrypted", null,
            "silos of other machines may connect although their traffic is neither encrypted nor authenticated: only on a network that nothing else "
            + "reaches",
            "true or false", (o, v) => bool.TryParse(v, out var on) ? o with { SiloUnencrypted = on } : null),
        new(
            "--gateway-port", "N", "a port for services that call grains; default: no such port", PortNumber,
            (o, v) => Port(v) is { } port ? o with { Silo = o.Silo with { GatewayPort = port } } : null),
        new("--roster", "FILE", "the agents and their roles, instead of the shipped roster", Any, (o, v) => o with { Roster = v }),
        new("--flows", "FOLDER", "flow files (*.yaml) in addition to the shipped flows", Any, (o, v) => o with { Flows = v }),
        new(
            "--routes", "FILE", "rules from alerts to incidents, halt conditions among them, instead of the shipped ones", Any,
            (o, v) => o with { Routes = v }),
        new("--permits", "FILE", "permit policy for outside actions, instead of the shipped one", Any, (o, v) => o with { Permits = v }),
        new(
            "--redaction", "FILE", "rules that find secrets in incoming texts, which are not stored; instead of the shipped rules", Any,
            (o, v) => o with { Redaction = v }),
        new(
            "--rehearse-every", "TIME", "how often halting is rehearsed with a canary, such as 1d; without it only on demand",
            "a time of at least 1m, such as 1d", (o, v) => Time(v, TimeSpan.FromMinutes(1)) is { } every ? o with { RehearseEvery = every } : null),
        new(
            "--runbooks", "FILE",
            "runbooks, instead of the shipped ones; their webhooks are signed with the secret in the environment variable INCIDENT_RUNBOOK_SECRET", Any,
            (o, v) => o with { Runbooks = v }),
        new(
            "--probe", "URL", "a site to probe every 30 s; may be repeated", "an http address",
            (o, v) => Web(v) is { } site ? o with { Probes = o.Probes with { Sites = [.. o.Probes.Sites, site] } } : null, Repeats: true),
        new(
            "--clocks", "NAME", "strict (default), seed-002 or seed-003", $"one of {string.Join(", ", ClockPolicy.Names)}",
            (o, v) => ClockPolicy.Names.Contains(v) ? With(o, policy => policy with { Clocks = v }) : null),
        new(
            "--halt-ending", "NAME",
            "what becomes of an incident's halt when the incident ends: lift (default) in the same commit, or ask those who may lift it and remind them",
            "'lift' or 'ask'",
            (o, v) => v switch
            {
                "lift" => With(o, policy => policy with { HaltEnding = HaltEnding.Lift }),
                "ask" => With(o, policy => policy with { HaltEnding = HaltEnding.Ask }),
                _ => null,
            }),
        new(
            "--approve-by-timeout", "NAME",
            "whether a timeout may approve where a flow says so (seed 004): allowed (default), or never: such approvals stay open and escalate",
            "'allowed' or 'never'", (o, v) => v is "allowed" or "never" ? With(o, policy => policy with { NeverApproveByTimeout = v == "never" }) : null),
        new(
            "--halt-review", "TIME", "time after which an active halt is escalated, repeatedly until it is lifted; default 4h, at least 1m",
            "a time of at least 1m, such as 4h",
            (o, v) => Time(v, TimeSpan.FromMinutes(1)) is { } time ? With(o, policy => policy with { HaltReviewAfter = time }) : null),
        new(
            "--acknowledgement", "NAME",
            "one (default): one first responder's acknowledgement stops the escalation of the others' calls; each: every one must acknowledge",
            "'one' or 'each'", (o, v) => v is "one" or "each" ? With(o, policy => policy with { OneAcknowledgement = v == "one" }) : null),
        new(
            "--clock-speed", "N",
            "for trials: the clock runs N times as fast, so that rules of hours and days can be tried in minutes; needs a --data folder of its own",
            "a number from 1 to 3600",
            (o, v) => double.TryParse(v, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var speed) && speed is >= 1 and <= 3600
                ? o with { ClockSpeed = speed }
                : null),
        new(
            "--answer-by", "NAME",
            "acknowledging (default), or acting: work without an incident needs no acknowledgements, and a message's clock runs until its recipient acts",
            "'acknowledging' or 'acting'",
            (o, v) => v switch
            {
                "acknowledging" => o with { Policy = o.Policy with { AnswerBy = AnswerPolicy.Acknowledging } },
                "acting" => o with { Policy = o.Policy with { AnswerBy = AnswerPolicy.Acting } },
                _ => null,
            }),
        new(
            "--keep-keys", "TIME", "how long an idempotency key gives its first answer again, default 7d, at least 1h",
            "a time of at least 1h, such as 7d", (o, v) => Time(v, TimeSpan.FromHours(1)) is { } time ? o with { KeepKeys = time } : null),
        new(
            "--effect-lease", "TIME", "how long a node works on an effect before another one may take it over, default 30s, at least 1s",
            "a time of at least 1s, such as 30s", (o, v) => Time(v, TimeSpan.FromSeconds(1)) is { } time ? o with { EffectLease = time } : null),
        new(
            "--seal-key", "FILE", "the private key (PEM, P-256) that signs the seals of the history (docs/SECURITY.md)", Any,
            (o, v) => o with { SealKey = v }),
        new(
            "--seal-log", "FILE",
            "a file to which the last seal is appended every minute and at the end; who can write the journal must not be able to write this file", Any,
            (o, v) => o with { SealLog = v }),
        new(
            "--urls", "LIST",
            "addresses instead of --port, separated by ';'; addresses other than loopback need a token: until one exists, the secret in the environment "
            + "variable INCIDENT_FIRST_TOKEN (32 characters or more) becomes the operator's",
            Any, (o, v) => o with { Urls = v }),
        new(
            "--issuers", "FILE",
            "issuers of JWTs, and what their claims mean here (docs/SECURITY.md); the secret with which people sign in to the pages is in the "
            + "environment variable INCIDENT_SIGNIN_SECRET", Any, (o, v) => o with { Issuers = v }),
        new(
            "--public-url", "URL", "where people reach the server, for links in notifications", "an address such as https://incidents.example.com",
            (o, v) => Web(v) is { } url ? o with { Deliveries = o.Deliveries with { PublicUrl = url } } : null),
        new(
            "--webhooks-private", null, "webhooks may also go to loopback and private addresses", "true or false",
            (o, v) => bool.TryParse(v, out var on) ? o with { Deliveries = o.Deliveries with { AllowPrivate = on } } : null),
        new(
            "--otlp", "URL",
            "traces, metrics and logs to an OpenTelemetry collector, e.g. http://127.0.0.1:4318; or in OTEL_EXPORTER_OTLP_ENDPOINT, as all of "
            + "OpenTelemetry's variables",
            "an address such as http://127.0.0.1:4318", (o, v) => Web(v) is { } url ? o with { Otlp = url } : null),
        new(
            "--log", "text|json", "form of the log, default text", "'text' or 'json'",
            (o, v) => v is "text" or "json" ? o with { JsonLogs = v == "json" } : null),
        new("--quiet", null, "warnings only", "true or false", (o, v) => bool.TryParse(v, out var on) ? o with { Quiet = on } : null),
        new(
            "--ends-with-input", null, "stops when its standard input is closed, so when the process that started it is gone", "true or false",
            (o, v) => bool.TryParse(v, out var on) ? o with { EndsWithInput = on } : null),
    ];

    private static ServerOptions With(ServerOptions options, Func<Policy, Policy> change) => options with { Policy = change(options.Policy) };

    private static ServerOptions Tls(ServerOptions options, Func<SiloTls, SiloTls> change) =>
        options with { Silo = options.Silo with { Tls = change(options.Silo.Tls ?? new SiloTls()) } };

    private static int? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535 ? port : null;

    private static Uri? Web(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;

    private static TimeSpan? Time(string text, TimeSpan least) => FlowDuration.TryParse(text, out var time) && time >= least ? time : null;
}
