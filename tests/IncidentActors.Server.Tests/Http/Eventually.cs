namespace IncidentActors.Server.Tests.Http;

/// <summary>Waits for a condition, looking again and again.</summary>
internal static class Eventually
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(120);

    /// <exception cref="Xunit.Sdk.XunitException">It never became true.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        using var late = new CancellationTokenSource(Longest);
        using var timer = new PeriodicTimer(LookEvery);
        try
        {
            while (!await condition()) await timer.WaitForNextTickAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            throw new Xunit.Sdk.XunitException($"{what} did not happen within {Longest.TotalSeconds:0} s");
        }
    }
}
