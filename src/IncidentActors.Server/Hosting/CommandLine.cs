using System.Globalization;
using System.Net;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Policies;
using IncidentActors.Server.Tokens;

namespace IncidentActors.Server.Hosting;

/// <summary>Reads <c>incident-server serve …</c>.</summary>
public static class CommandLine
{
    public const string Help =
        """
        incident-server serve [options]

          --port N             port on loopback, default 7070; 0 takes any free one
          --data FOLDER        where the data is, default ./data
          --journal STRING     PostgreSQL instead of SQLite: "Host=…;Database=…;Username=…";
                               or in the environment variable INCIDENT_JOURNAL
          --engine NAME        orleans or embedded; orleans where this program was built with it
          --silo-port N        orleans: port for other silos, default 11111, or a free one where that is taken
          --gateway-port N     orleans: port for clients of grains, default 30000, likewise
          --silo-address IP    orleans: address under which the other silos reach this one
          --roster FILE        who there is, instead of the shipped roster
          --flows FOLDER       flow files (*.yaml) beside the shipped flows
          --conditions FILE    halt conditions, instead of the shipped ones
          --runbooks FILE      runbooks, instead of the shipped ones; their webhooks are signed with
                               the secret in the environment variable INCIDENT_RUNBOOK_SECRET
          --probe URL          a site that is looked at every 30 s; may be given again
          --clocks NAME        strict (default), seed-002 or seed-003
          --keep-keys TIME     how long an idempotency key gives its first answer again,
                               default 7d, at least 1h
          --effect-lease TIME  how long a node works on an effect before another one may take it
                               over, default 30s, at least 1s
          --urls LIST          addresses instead of --port, parted by ';'; others than loopback need a token:
                               while there is none at all, the secret in the environment variable
                               INCIDENT_FIRST_TOKEN (32 characters or more) becomes the operator's
          --public-url URL     where people reach the server, for links in notifications
          --webhooks-private   webhooks may also go to loopback and private addresses
          --otlp URL           traces, metrics and logs to an OpenTelemetry collector, e.g. http://127.0.0.1:4318;
                               or in OTEL_EXPORTER_OTLP_ENDPOINT, as all of OpenTelemetry's variables
          --log text|json      form of the log, default text
          --quiet              warnings only
          --ends-with-input    stops when its standard input is closed, so when whoever
                               started it is gone

        Exit codes: 0 stopped, 2 arguments, 3 address in use, 4 journal, 5 flow or roster file,
        6 taken out of the cluster by the other silos (start it again), 1 anything else.
        """;

    /// <returns>The options, or null: help was asked for.</returns>
    /// <exception cref="StartFailure">An argument is not understood.</exception>
    public static ServerOptions? Parse(IReadOnlyList<string> args)
    {
        if (args.Any(arg => arg is "--help" or "-h" or "help")) return null;
        var options = new ServerOptions
        {
            Journal = Environment.GetEnvironmentVariable(JournalVariable),
            FirstToken = Environment.GetEnvironmentVariable(FirstToken.Variable),
        };
        var first = args is ["serve", ..] ? 1 : 0;
        for (var i = first; i < args.Count; i++)
        {
            var (name, inline) = args[i].Split('=', 2) is [var n, var v] && n.StartsWith("--", StringComparison.Ordinal) ? (n, v) : (args[i], null);
            if (name == "--quiet")
            {
                options = options with { Quiet = true };
                continue;
            }

            if (name == "--ends-with-input")
            {
                options = options with { EndsWithInput = true };
                continue;
            }

            if (name == "--webhooks-private")
            {
                options = options with { Deliveries = options.Deliveries with { AllowPrivate = true } };
                continue;
            }

            if (!Names.Contains(name)) throw Bad($"'{args[i]}' is not understood.");
            var value = inline ?? (i + 1 < args.Count ? args[++i] : throw Bad($"{name} needs a value."));
            if (value.Length == 0) throw Bad($"{name} needs a value.");
            options = With(options, name, value);
        }

        return options;
    }

    /// <summary>Holds what <c>--journal</c> would say, where a password should not stand in a list of processes.</summary>
    public const string JournalVariable = "INCIDENT_JOURNAL";

    private static readonly string[] Names =
    [
        "--port", "--data", "--journal", "--engine", "--silo-port", "--gateway-port", "--silo-address", "--roster", "--flows",
        "--conditions", "--runbooks", "--probe", "--clocks", "--keep-keys", "--effect-lease", "--urls", "--public-url", "--otlp", "--log",
    ];

    private static ServerOptions With(ServerOptions options, string name, string value) => name switch
    {
        "--port" => options with { Port = Port(name, value) },
        "--data" => options with { Data = value },
        "--journal" => options with { Journal = value },
        "--engine" => value is "embedded" or "orleans" ? options with { Engine = value } : throw Bad($"--engine is 'embedded' or 'orleans', not '{value}'."),
        "--silo-port" => options with { Silo = options.Silo with { SiloPort = Port(name, value) } },
        "--gateway-port" => options with { Silo = options.Silo with { GatewayPort = Port(name, value) } },
        "--silo-address" => options with { Silo = options.Silo with { AdvertisedAddress = Address(value) } },
        "--roster" => options with { Roster = value },
        "--flows" => options with { Flows = value },
        "--conditions" => options with { Conditions = value },
        "--runbooks" => options with { Runbooks = value },
        "--probe" => options with { Probes = options.Probes with { Sites = [.. options.Probes.Sites, Site(value)] } },
        "--clocks" =>
            ClockPolicy.Names.Contains(value)
                ? options with { Clocks = value }
                : throw Bad($"--clocks is one of {string.Join(", ", ClockPolicy.Names)}, not '{value}'."),
        "--public-url" => Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? options with { Deliveries = options.Deliveries with { PublicUrl = address } }
            : throw Bad($"--public-url is an address such as https://incidents.example.com, not '{value}'."),
        "--effect-lease" => FlowDuration.TryParse(value, out var lease) && lease >= TimeSpan.FromSeconds(1)
            ? options with { EffectLease = lease }
            : throw Bad($"--effect-lease is a time of at least 1s, such as 30s, not '{value}'."),
        "--keep-keys" => FlowDuration.TryParse(value, out var kept) && kept >= TimeSpan.FromHours(1)
            ? options with { KeepKeys = kept }
            : throw Bad($"--keep-keys is a time of at least 1h, such as 7d, not '{value}'."),
        "--otlp" => Uri.TryCreate(value, UriKind.Absolute, out var collector) && collector.Scheme is "http" or "https"
            ? options with { Otlp = collector }
            : throw Bad($"--otlp is an address such as http://127.0.0.1:4318, not '{value}'."),
        "--urls" => options with { Urls = value },
        _ => value is "text" or "json" ? options with { JsonLogs = value == "json" } : throw Bad($"--log is 'text' or 'json', not '{value}'."),
    };

    private static Uri Site(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var site) && site.Scheme is "http" or "https"
            ? site
            : throw Bad($"--probe is an http address, not '{value}'.");

    private static int Port(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw Bad($"{name} is a number from 0 to 65535, not '{value}'.");

    private static string Address(string value) =>
        IPAddress.TryParse(value, out _) ? value : throw Bad($"--silo-address is an IP address, not '{value}'.");

    private static StartFailure Bad(string sentence) => new(ExitCode.Arguments, $"{sentence} 'incident-server --help' lists what there is.");
}
