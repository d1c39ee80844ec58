using System.Net.Sockets;

namespace IncidentActors.Server.Tokens;

/// <summary>The identity provider could not be reached or did not answer in time.</summary>
internal sealed class IssuerUnavailableException(Exception cause) : Exception(
    "The identity provider does not answer. Try again in a minute, or sign in with an access token; an operator sees the reason in the server's log.", cause)
{
    /// <summary>Whether a request to the provider failed, which the libraries wrap.</summary>
    public static bool IsCause(Exception? error) =>
        error is HttpRequestException or SocketException or TaskCanceledException or IOException
            || (error is InvalidOperationException && IsCause(error.InnerException));
}
