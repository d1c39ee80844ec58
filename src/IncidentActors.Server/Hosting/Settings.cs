using IncidentActors.Core.Agents;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Halts.Conditions;
using IncidentActors.Core.Policies;
using IncidentActors.Core.Runbooks;
using IncidentActors.Engine;

namespace IncidentActors.Server.Hosting;

/// <summary>Reads the files that the engine runs with.</summary>
internal static class Settings
{
    /// <exception cref="StartFailure">A file is missing or broken; every problem is listed with file, line and reason.</exception>
    public static EngineOptions Read(ServerOptions options)
    {
        var roster = options.Roster is { } file ? Parsed(file, RosterYaml.Parse) : RosterYaml.Shipped();
        var settings = new EngineOptions
        {
            Policy = new Policy { Clocks = options.Clocks },
            KeyRetention = options.KeepKeys,
            EffectLease = options.EffectLease,
            Roster = roster,
            Runbooks = options.Runbooks is { } runbooks ? Parsed(runbooks, RunbooksYaml.Parse) : RunbookSet.Shipped,
            Conditions = options.Conditions is { } conditions ? Parsed(conditions, ConditionsYaml.Parse) : ConditionSet.Shipped,
            Flows = options.Flows is { } folder ? Flows(folder, roster) : FlowSet.Shipped,
        };
        return options.Tune?.Invoke(settings) ?? settings;
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
