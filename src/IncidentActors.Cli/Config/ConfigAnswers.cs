using System.Collections.Immutable;
using IncidentActors.Core.Agents;

namespace IncidentActors.Cli.Config;

/// <summary>The answers to the five questions of <c>incident config init</c>.</summary>
/// <param name="Problem">Why an answer cannot be used, or null.</param>
internal sealed record ConfigAnswers(
    string Team, ImmutableArray<string> People, ImmutableArray<string> Agents, ImmutableArray<string> Services, ImmutableArray<string> Senders, string? Problem)
{
    public static readonly ImmutableArray<(string Name, string Means, string Default)> Questions =
    [
        ("team", "The name of your team", "platform"),
        ("people", "Who responds to incidents, such as @ann, @ben", "@ann, @ben"),
        ("agents", "The agents that you run, such as @dev, @sre", "@pm, @dev, @sre, @qa"),
        ("services", "The services that alerts are about, such as checkout, search", "checkout"),
        ("senders", "What sends alerts: alertmanager, pagerduty, or both", "alertmanager"),
    ];

    /// <summary>Answers by option; what no option answers is asked. The end of the input takes the default.</summary>
    public static ConfigAnswers Read(IReadOnlyDictionary<string, string?> given, TextReader input, TextWriter output)
    {
        var answers = Questions.ToDictionary(question => question.Name, question => given[question.Name] ?? Ask(question, input, output));
        var people = Handles(answers["people"]);
        var agents = Handles(answers["agents"]);
        var team = answers["team"].Trim().ToLowerInvariant();
        var senders = Words(answers["senders"]);
        var wrong = people.Concat(agents).FirstOrDefault(handle => !Handle.IsWellFormed(handle) || Handle.IsReserved(handle));
        var problem = wrong is not null ? $"'{wrong}' is not a handle; a handle looks like @dev."
            : !Handle.IsWellFormed("@" + team) ? $"'{team}' is not a team name; a team name looks like platform."
            : people.IsEmpty ? "Name at least one person who responds to incidents."
            : people.Intersect(agents).FirstOrDefault() is { } both ? $"{both} is named as a person and as an agent; name it once."
            : senders.FirstOrDefault(sender => sender is not ("alertmanager" or "pagerduty")) is { } odd ? $"'{odd}' is not alertmanager or pagerduty."
            : null;
        return new ConfigAnswers(team, people, agents, Words(answers["services"]), senders, problem);
    }

    private static string Ask((string Name, string Means, string Default) question, TextReader input, TextWriter output)
    {
        output.Write($"{question.Means} [{question.Default}]: ");
        return input.ReadLine() is { } said && said.Trim().Length > 0 ? said : question.Default;
    }

    private static ImmutableArray<string> Words(string text) =>
        [.. text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Select(word => word.ToLowerInvariant()).Distinct()];

    private static ImmutableArray<string> Handles(string text) => [.. Words(text).Select(Handle.Normalize).Where(handle => handle != Handle.Operator)];
}
