using System.CommandLine;
using System.CommandLine.Help;
using IncidentActors.Server.Tokens;

namespace IncidentActors.Server.Hosting;

/// <summary>Reads <c>incident-server serve …</c>; what the command line does not say, the environment does (<c>INCIDENT_PORT</c>), and then the
/// section <c>Incident</c> of <c>appsettings.json</c> in the working folder.</summary>
public static class CommandLine
{
    /// <summary>Replaces <c>--journal</c>, because a password should not be in the list of processes.</summary>
    public const string JournalVariable = "INCIDENT_JOURNAL";

    private const string Prefix = "INCIDENT_";
    private const string Section = "Incident";

    private const string Description =
        """
        Serves the API, the pages and MCP. Each option may also be a variable of the environment, INCIDENT_SILO_PORT for --silo-port, or a key
        of appsettings.json in the working folder, Incident:SiloPort.

        Exit codes: 0 stopped, 2 arguments, 3 address in use, 4 journal, 5 flow or roster file,
        6 removed from the cluster by the other silos (start it again), 1 anything else.
        """;

    public static string Help
    {
        get
        {
            using var text = new StringWriter();
            Root().Parse("--help").Invoke(new InvocationConfiguration { Output = text });
            return text.ToString();
        }
    }

    /// <returns>The options; null if help was asked for.</returns>
    /// <exception cref="StartFailure">An argument or a setting is not understood.</exception>
    public static ServerOptions? Parse(IReadOnlyList<string> args) => Parse(args, Directory.GetCurrentDirectory());

    /// <param name="folder">Where <c>appsettings.json</c> may be.</param>
    internal static ServerOptions? Parse(IReadOnlyList<string> args, string folder)
    {
        string[] given = [.. args is ["serve", ..] ? args.Skip(1) : args];
        var parsed = Root().Parse(given, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is HelpAction || given.Contains("help")) return null;
        if (parsed.UnmatchedTokens is [var unknown, ..]) throw Bad(NotUnderstood(unknown));
        var (environment, file) = Configurations(folder);
        var options = new ServerOptions
        {
            FirstToken = Text(environment, FirstToken.Variable[Prefix.Length..]), SignInSecret = Text(environment, "SIGNIN_SECRET"),
        };
        foreach (var setting in ServerSettings.All)
        {
            var values = setting.Values(parsed) ?? Configured(environment, setting) ?? Configured(file, setting) ?? [];
            if (parsed.GetResult(setting.Option) is { Implicit: false } one && setting.LacksValue(one)) throw Bad($"{setting.Name} needs a value.");
            options = values.Aggregate(options, (before, value) => Applied(before, setting, value));
        }

        return parsed.Errors is [var error, ..] ? throw Bad(error.Message) : options;
    }

    private static RootCommand Root()
    {
        var root = new RootCommand(Description);
        foreach (var version in root.Options.OfType<VersionOption>().ToList()) root.Options.Remove(version);
        foreach (var setting in ServerSettings.All) root.Options.Add(setting.Option);
        return root;
    }

    private static (IConfiguration Environment, IConfiguration File) Configurations(string folder)
    {
        try
        {
            return (
                new ConfigurationBuilder().AddEnvironmentVariables(Prefix).Build(),
                new ConfigurationBuilder().SetBasePath(folder).AddJsonFile("appsettings.json", optional: true).Build().GetSection(Section));
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            throw new StartFailure(ExitCode.Files, error.Message);
        }
    }

    /// <summary>A text, a list of texts, or a text with several parted by blanks; null: nothing.</summary>
    private static IReadOnlyList<string>? Configured(IConfiguration configuration, Setting setting)
    {
        if (configuration.GetChildren().FirstOrDefault(child => Plain(child.Key) == Plain(setting.Name)) is not { } found) return null;
        if (found.Value is not { } value) return [.. found.GetChildren().Select(child => child.Value).OfType<string>()];
        return setting.Repeats ? value.Split(' ', StringSplitOptions.RemoveEmptyEntries) : value.Length > 0 ? [value] : null;
    }

    private static string? Text(IConfiguration configuration, string name) =>
        configuration.GetChildren().FirstOrDefault(child => Plain(child.Key) == Plain(name))?.Value;

    /// <summary>The same for <c>--silo-port</c>, <c>SILO_PORT</c> and <c>SiloPort</c>.</summary>
    private static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    private static ServerOptions Applied(ServerOptions options, Setting setting, string value)
    {
        try
        {
            return setting.Apply(options, value);
        }
        catch (StartFailure failure)
        {
            throw Bad(failure.Message);
        }
    }

    private static string NotUnderstood(string unknown) => unknown.Split('=')[0] == "--engine"
        ? "'--engine' was removed, because Orleans always runs the actors. Leave it out."
        : unknown.Split('=')[0] == "--conditions"
            ? "'--conditions' is '--routes' now: 'incident routes show > routes.yaml', write each of your conditions below 'conditions' and each of its "
                + "rules as a rule with 'set: { condition: ID }' (docs/ALERTS.md, Converting a file of conditions)."
            : $"{Shown(unknown)} is not understood.";

    /// <summary>An argument that may be a misplaced connection string is not repeated.</summary>
    internal static string Shown(string argument) => argument.AsSpan().ContainsAny('@', '=', ';') ? "An argument" : $"'{argument}'";

    private static StartFailure Bad(string sentence) => new(ExitCode.Arguments, $"{sentence} 'incident-server --help' (./run serve --help) lists the options.");
}
