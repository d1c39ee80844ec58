using System.Security.Cryptography;
using IncidentActors.Core.Access;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Permits;
using IncidentActors.Core.Redaction;
using IncidentActors.Core.Routes;
using IncidentActors.Core.Runbooks;
using IncidentActors.Engine;
using IncidentActors.Engine.Seals;
using IncidentActors.Server.Deliveries;

namespace IncidentActors.Server.Hosting;

/// <summary>Reads the files that the engine runs with.</summary>
internal static class Settings
{
    /// <exception cref="StartFailure">A file is missing or broken; every problem is listed with file, line and reason.</exception>
    /// <param name="clock">The trial's; null for the real clock. What guards against lost nodes and repeated calls stays as long as it is in real time.</param>
    public static EngineOptions Read(ServerOptions options, TrialClock? clock = null)
    {
        var roster = options.Roster is { } file ? Parsed(file, RosterYaml.Parse) : RosterYaml.Shipped();
        var settings = new EngineOptions
        {
            Policy = options.Policy,
            Time = clock ?? TimeProvider.System,
            KeyRetention = options.KeepKeys * (clock?.Speed ?? 1),
            EffectLease = options.EffectLease * (clock?.Speed ?? 1),
            SealKey = options.SealKey is { } key ? Parsed(key, SealKeyPem) : null,
            SealLog = options.SealLog,
            Roster = roster,
            Runbooks = options.Runbooks is { } runbooks ? Parsed(runbooks, RunbooksYaml.Parse) : RunbookSet.Shipped,
            Permits = options.Permits is { } permits ? Parsed(permits, PermitsYaml.Parse) : PermitPolicy.Shipped,
            Redaction = options.Redaction is { } redaction ? Parsed(redaction, RedactionYaml.Parse) : RedactionRules.Shipped,
            Routes = options.Routes is { } routes ? Parsed(routes, RoutesYaml.Parse) : RouteSet.Shipped,
            Flows = options.Flows is { } folder ? Flows(folder, roster) : FlowSet.Shipped,
        };
        return options.Tune?.Invoke(settings) ?? settings;
    }

    /// <exception cref="StartFailure">The file is missing or broken.</exception>
    public static IssuerSet Issuers(ServerOptions options) => options.Issuers is { } file ? Parsed(file, IssuersYaml.Parse) : IssuerSet.None;

    /// <summary>The secret that runbooks' webhooks are signed with; a new one where neither options nor environment give one.</summary>
    /// <exception cref="StartFailure">It is malformed.</exception>
    public static string RunbookSecret(ServerOptions options)
    {
        var secret = options.RunbookSecret ?? Environment.GetEnvironmentVariable("INCIDENT_RUNBOOK_SECRET");
        if (secret is null) return WebhookSignature.NewSecret();
        return WebhookSignature.IsSecret(secret)
            ? secret
            : throw new StartFailure(ExitCode.Arguments, "INCIDENT_RUNBOOK_SECRET must be 'whsec_' and 24 to 64 bytes in base 64.");
    }

    private static string SealKeyPem(string pem, string file)
    {
        try
        {
            SealKey.Read(pem).Dispose();
            return pem;
        }
        catch (CryptographicException error)
        {
            throw new FormatException($"{file}: {error.Message}", error);
        }
    }

    private static T Parsed<T>(string file, Func<string, string, T> parse)
    {
        try
        {
            return parse(File.ReadAllText(file), file);
        }
        catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new StartFailure(ExitCode.Files, error.Message);
        }
    }

    private static FlowSet Flows(string folder, Roster roster)
    {
        FlowFile[] files;
        try
        {
            files = [.. Directory.EnumerateFiles(folder, "*.yaml").Concat(Directory.EnumerateFiles(folder, "*.yml"))
                .Order(StringComparer.Ordinal).Select(path => new FlowFile(path, File.ReadAllText(path)))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartFailure(ExitCode.Files, error.Message);
        }

        var (set, problems) = FlowSet.Shipped.Load(files, roster.Members.SelectMany(member => member.Roles));
        return problems.IsEmpty
            ? set
            : throw new StartFailure(
                ExitCode.Files,
                $"{problems.Length} {(problems.Length == 1 ? "problem" : "problems")} in flow "
                + $"files:{Environment.NewLine}{string.Join(Environment.NewLine, problems)}");
    }
}
