using System.CommandLine;
using System.CommandLine.Parsing;

namespace IncidentActors.Server.Hosting;

/// <summary>One setting of the server: an option of the command line, <c>INCIDENT_NAME</c> in the environment, and <c>Incident:Name</c> in
/// <c>appsettings.json</c>.</summary>
/// <param name="Name">Of the option: <c>--silo-port</c>; the variable is <c>INCIDENT_SILO_PORT</c>, the key <c>Incident:SiloPort</c>.</param>
/// <param name="Form">Of the value, for the help; null: a switch.</param>
/// <param name="Expected">Continues "--silo-port is …" in the message about an invalid value.</param>
/// <param name="With">The options with the value; null if the value is invalid.</param>
internal sealed record Setting(string Name, string? Form, string Means, string Expected, Func<ServerOptions, string, ServerOptions?> With, bool Repeats = false)
{
    public const string On = "true";

    public Option Option { get; } = Form is null ? new Option<bool>(Name) { Description = Means }
        : Repeats ? new Option<string[]>(Name) { Description = Means, HelpName = Form }
        : new Option<string>(Name) { Description = Means, HelpName = Form };

    /// <summary>What the command line gives; null if there is none.</summary>
    public IReadOnlyList<string>? Values(ParseResult parsed) => parsed.GetResult(Option) is not { Implicit: false } given ? null
        : Form is null && given.Tokens.Count == 0 ? [On]
        : [.. given.Tokens.Select(token => token.Value)];

    /// <summary>Where it is given more than once, each time needs a value.</summary>
    public bool LacksValue(OptionResult given) => Form is not null && given.IdentifierTokenCount > given.Tokens.Count;

    /// <exception cref="StartFailure">The value is invalid.</exception>
    public ServerOptions Apply(ServerOptions options, string value) =>
        value.Length > 0 && With(options, value) is { } changed ? changed
        : throw new StartFailure(ExitCode.Arguments, value.Length == 0 ? $"{Name} needs a value." : $"{Name} must be {Expected}, not '{value}'.");
}
