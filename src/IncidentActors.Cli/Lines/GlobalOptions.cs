using System.CommandLine;

namespace IncidentActors.Cli.Lines;

/// <summary>Options that every verb takes.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Server { get; } = new("--server")
    {
        Description = $"Address of the server (INCIDENT_SERVER; {Http.ServerAddress.Default})", HelpName = "URL", Recursive = true,
    };

    public Option<string?> Agent { get; } = new("--agent", "-a")
    {
        Description = "The caller's handle, such as @pm (INCIDENT_AGENT)", HelpName = "@HANDLE", Recursive = true,
    };

    public Option<string?> Session { get; } = new("--session")
    {
        Description = "Distinguishes several sessions of one handle (INCIDENT_SESSION)", HelpName = "NAME", Recursive = true,
    };

    public Option<string?> Token { get; } = new("--token")
    {
        Description = "Access token (INCIDENT_TOKEN); it names the caller, and --agent is not sent", HelpName = "TOKEN", Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Print exactly the server's JSON", Recursive = true };

    public Option<string?> Key { get; } = new("--key")
    {
        Description = "Idempotency key: the same key gives the first answer again. Default: a random key", HelpName = "KEY", Recursive = true,
    };

    public Option<string?> Override { get; } = new("--owner-override")
    {
        Description = "For the owner only: your reason for bypassing rules, gates and halts; it is recorded", HelpName = "REASON", Recursive = true,
    };

    public IEnumerable<Option> All => [Server, Agent, Session, Token, Json, Key, Override];
}
