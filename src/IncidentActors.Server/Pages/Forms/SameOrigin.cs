using System.Security.Cryptography;
using System.Text;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Pages.Forms;

/// <summary>Whether a form was sent by a page of this server: as the browser says, and by the visitor's form token.</summary>
internal static class SameOrigin
{
    /// <summary>A program that is not a browser sends no origin; it still needs the form token.</summary>
    public static bool Is(HttpRequest request) => RequestOrigin.IsOwn(request);

    public static bool Matches(string given, string expected) =>
        expected.Length > 0 && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));

    /// <summary>A path of this server, and of no other.</summary>
    public static bool IsLocal(string path) =>
        path.Length > 0
            && path[0] == '/'
            && (path.Length == 1 || path[1] is not ('/' or '\\'))
            && !path.Any(char.IsControl)
            && Uri.IsWellFormedUriString(path, UriKind.Relative);
}
