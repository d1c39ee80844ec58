using IncidentActors.Core.Decisions;
using IncidentActors.Testing;

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

    /// <summary>Sends a command until its outcome is known, as a client does: under the same key.</summary>
    public static async Task<Accepted> OkAsync(string handle, Func<Call, Task<Outcome>> send)
    {
        var call = By(handle, $"{Guid.NewGuid():n}");
        Outcome? outcome = null;
        await Eventually.TrueAsync(async () => (outcome = await send(call)) is not Unavailable, "a known outcome");
        return await OkAsync(Task.FromResult(outcome!));
    }

    public static async Task<Rejected> RefusedAsync(Task<Outcome> command, string rule)
    {
        var rejected = Assert.IsType<Rejected>(await command);
        Assert.Equal(rule, rejected.Rule);
        return rejected;
    }
}
