using IncidentActors.Core.Decisions;

namespace IncidentActors.Behaviour;

/// <summary>Calls, and what a test expects of their outcome.</summary>
internal static class Expect
{
    public static Call By(string handle, string? key = null) => new() { At = default, Seed = "", By = handle, Key = key };

    public static async Task<Accepted> OkAsync(Task<Outcome> command) =>
        await command switch
        {
            Accepted accepted => accepted,
            Rejected rejected => throw new Xunit.Sdk.XunitException($"refused by {rejected.Rule}: {rejected.Sentence}"),
            var other => throw new Xunit.Sdk.XunitException(other.ToString()),
        };

    public static async Task<Rejected> RefusedAsync(Task<Outcome> command, string rule)
    {
        var rejected = Assert.IsType<Rejected>(await command);
        Assert.Equal(rule, rejected.Rule);
        return rejected;
    }
}
