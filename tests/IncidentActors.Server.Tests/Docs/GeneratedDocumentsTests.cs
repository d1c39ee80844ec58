using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using IncidentActors.Cli;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using IncidentActors.Core.Flows;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using ClientLine = IncidentActors.Cli.CommandLine;

namespace IncidentActors.Server.Tests.Docs;

/// <summary>Documents that are made from the code. UPDATE_GOLDEN=1 writes them.</summary>
public sealed partial class GeneratedDocumentsTests
{
    private const string Docs = "../../../docs/";

    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    private static readonly (string Name, string Means)[] Variables =
    [
        ("INCIDENT_FIRST_TOKEN", "server: 32 characters or more; becomes the token of @operator while there is no token at all"),
        ("INCIDENT_RUNBOOK_SECRET", "server: `whsec_…`, by which the webhooks of runbooks are signed; without it a new one at each start"),
        ("INCIDENT_SERVER", "client: the server's address, as `--server`"),
        ("HTTP_PROXY, HTTPS_PROXY, NO_PROXY", "client: the way to a server that is not on loopback; a server on loopback is called directly"),
        ("INCIDENT_AGENT", "client: the caller's handle, as `--agent`"),
        ("INCIDENT_TOKEN", "client: the access token, as `--token`"),
        ("INCIDENT_SESSION", "client: the session's name, as `--session`"),
        ("INCIDENT_HOOK_SECONDS", "client: how long a hook waits for each answer of the server, in seconds ([HALTS](HALTS.md))"),
        ("INCIDENT_SERVER_PROGRAM", "client: the server program that `incident drill` starts; `./run` sets it"),
        ("INCIDENT_CANARY_TOKEN", "client: the token of the canary that `incident halt rehearse` halts, where the server needs tokens"),
        ("INCIDENT_PERMIT", "set by `incident guard` for the guarded command: the permit under which it runs"),
        ("OTEL_…", "server: the variables of OpenTelemetry, [TELEMETRY](TELEMETRY.md)"),
    ];

    [Fact]
    public void The_configuration()
    {
        var text = new StringBuilder(
            """
            # Configuration

            Made from the code. Each option of the server may also be a variable of the environment or a key of the section `Incident` in `appsettings.json`
            of the working folder. The command line overrides the environment, which overrides the file. Paths are relative to the working folder.
            `incident config init` writes such a folder; `incident config check` checks the files that its server reads.

            ## Options of the server

            | option | variable | key | meaning |
            |---|---|---|---|

            """);
        foreach (var setting in ServerSettings.All)
        {
            var name = setting.Name[2..];
            var key = string.Concat(name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
            var form = setting.Form is null ? "" : $" {setting.Form.Replace("|", "\\|", StringComparison.Ordinal)}";
            text.Append(Plain, $"| `{setting.Name}{form}` | `INCIDENT_{name.ToUpperInvariant().Replace('-', '_')}` | `{key}` | {Cell(setting.Means)} |\n");
        }

        text.Append("\n## Other variables\n\n| variable | meaning |\n|---|---|\n");
        foreach (var (name, means) in Variables) text.Append(Plain, $"| `{name}` | {means} |\n");
        text.Append(
            """

            ## Files

            | file | option | holds | shipped | check it |
            |---|---|---|---|---|
            | roster | `--roster` | members, roles; duties; delegations | `src/IncidentActors.Core/Agents/roster.yaml` | `incident config check` |
            | routes | `--routes` | rules from alerts to incidents, halt conditions | `incident routes show` prints it | `incident routes check FILE` |
            | permits | `--permits` | what agents may do outside | `src/IncidentActors.Core/Permits/permits.yaml` | `incident permits check FILE` |
            | redaction | `--redaction` | what is a secret in a text | `src/IncidentActors.Core/Redaction/redaction.yaml` | `incident config check` |
            | runbooks | `--runbooks` | rollbacks | `src/IncidentActors.Core/Runbooks/runbooks.yaml` | `incident config check` |
            | flows | `--flows` (folder) | [FLOWS](FLOWS.md) | `src/IncidentActors.Core/Flows/Shipped` | `incident flows check FILE --roster FILE` |

            """);
        Golden.Equal(Docs + "CONFIGURATION.md", text.ToString());
    }

    [Fact]
    public void Every_variable_of_the_sources_is_described()
    {
        var known = Variables.Select(one => one.Name)
            .Concat(ServerSettings.All.Select(setting => "INCIDENT_" + setting.Name[2..].ToUpperInvariant().Replace('-', '_'))).ToHashSet();
        var used = Directory.EnumerateFiles(SourceTree.Path("src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Variable().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).ToHashSet();
        Assert.Empty(used.Except(known));
    }

    [Fact]
    public void The_command_line()
    {
        var root = ClientLine.Root(Terminal.Real());
        var text = new StringBuilder(
            "# Command line\n\nMade from the code: every verb of `incident` with what it takes. `incident VERB --help` prints the same.\n\n");
        text.Append("## Options of every verb\n\n");
        Options(text, root.Options.Where(option => option.Recursive && option.Name is not ("--help" or "--version")));
        foreach (var verb in root.Subcommands.Where(verb => !verb.Hidden)) Verb(text, verb, 2);
        text.Append(Plain, $"\n## Exit codes\n\n```\n{ExitCodes.Table.ReplaceLineEndings("\n")}\n```\n");
        Golden.Equal(Docs + "CLI.md", text.ToString());
    }

    [Fact]
    public void The_flows()
    {
        var text = new StringBuilder(
            """
            # Flows

            Made from the code: the shipped flows. A flow is a table: each row leads from a state to a state, names the role that takes it, what it requires and
            which messages it sends. A flow of your own is one YAML file in the folder of `--flows`; `incident flows check FILE --roster roster.yaml` names
            every problem with file, line and column. The keys are described in `src/IncidentActors.Core/Flows/flow.schema.json`.

            """);
        foreach (var flow in FlowSet.Shipped.Latest.OrderBy(flow => flow.Name, StringComparer.Ordinal))
        {
            text.Append(Plain, $"\n## {flow.Name}\n\n{flow.Title}, version {flow.Version}.\n\n");
            text.Append(Plain, $"```mermaid\n{FlowMermaid.Diagram(flow).Trim()}\n```\n\n");
            string[] columns = ["#", "From", "To", "Role", "Trigger", "Requires", "Within"];
            var places = columns.Select(column => FlowTable.Columns.IndexOf(column)).ToArray();
            text.Append(Plain, $"| {string.Join(" | ", columns)} |\n|{string.Concat(columns.Select(_ => "---|"))}\n");
            foreach (var row in FlowTable.Rows(flow)) text.Append(Plain, $"| {string.Join(" | ", places.Select(place => Cell(row[place])))} |\n");
        }

        Golden.Equal(Docs + "FLOWS.md", text.ToString());
    }

    [Fact]
    public async Task The_http_interface()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var document = (await server.GetAsync("/openapi/v1.json")).IsOk().Json;
        var text = new StringBuilder(
            """
            # HTTP

            Made from the OpenAPI document, which a running server gives at `/openapi/v1.json` with the schemas of bodies and answers.
            A caller shows a token (`Authorization: Bearer …`); while there is no token, the header `X-Agent` names the caller, on loopback only.
            A change carries an `Idempotency-Key`: the same key gives the first answer again. A refusal is a problem (RFC 9457) with `rule`, `detail`,
            `allowed`, and `next` where the rule knows what meets it.

            | method | path | does |
            |---|---|---|

            """);
        foreach (var path in document.GetProperty("paths").EnumerateObject().OrderBy(path => path.Name, StringComparer.Ordinal))
        {
            foreach (var method in path.Value.EnumerateObject())
                text.Append(Plain, $"| {method.Name.ToUpperInvariant()} | `{path.Name}` | {Cell(method.Value.Text("summary") ?? "")} |\n");
        }

        Golden.Equal(Docs + "HTTP.md", text.ToString());
    }

    private static void Verb(StringBuilder text, Command verb, int depth)
    {
        var takes = string.Concat(verb.Arguments.Select(
            argument => argument.Arity.MinimumNumberOfValues > 0 ? $" <{argument.Name}>" : $" [{argument.Name}]"));
        var means = Cell(verb.Description ?? "").TrimEnd('.');
        text.Append(Plain, $"\n{new string('#', depth)} {UsageErrors.Path(verb)}{takes}\n\n{means}.\n\n");
        foreach (var argument in verb.Arguments) text.Append(Plain, $"- `<{argument.Name}>` {Cell(argument.Description ?? "")}\n");
        Options(text, verb.Options.Where(option => !option.Hidden && !option.Recursive && option.Name != "--help"));
        foreach (var one in verb.Subcommands.Where(one => !one.Hidden)) Verb(text, one, depth + 1);
    }

    private static void Options(StringBuilder text, IEnumerable<Option> options)
    {
        foreach (var option in options)
        {
            var form = option.HelpName is null || option.ValueType == typeof(bool) ? "" : " " + option.HelpName;
            text.Append(Plain, $"- `{option.Name}{form}`{(option.Required ? " (required)" : "")} {Cell(option.Description ?? "")}\n");
        }
    }

    private static string Cell(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).ReplaceLineEndings(" ");

    [GeneratedRegex("\"(INCIDENT_[A-Z_]*[A-Z])\"")]
    private static partial Regex Variable();
}
