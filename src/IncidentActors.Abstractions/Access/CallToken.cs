namespace IncidentActors.Silo;

/// <summary>The access token that a client's calls show.</summary>
public static class CallToken
{
    private const string Header = "incident-actors.token";

    /// <summary>Calls that the current asynchronous method makes from here on show this token instead of the client's own.</summary>
    public static void Show(string secret) => RequestContext.Set(Header, secret);

    /// <summary>Removes the token from the incoming call and returns it, so that it is not forwarded; null if there is none.</summary>
    internal static string? TakeOff()
    {
        var shown = RequestContext.Get(Header) as string;
        RequestContext.Remove(Header);
        return shown;
    }

    /// <summary>Shows the client's own token where the caller has shown none.</summary>
    internal sealed class Filter(Func<string?> token) : IOutgoingGrainCallFilter
    {
        public async Task Invoke(IOutgoingGrainCallContext context)
        {
            if (RequestContext.Get(Header) is null && token() is { } own) Show(own);
            await context.Invoke();
        }
    }
}
