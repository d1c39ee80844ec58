using System.Collections.Frozen;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Pages.Forms;

/// <summary>Says once, on the next page, that a form was accepted.</summary>
internal static class DoneNote
{
    private const string Cookie = "done";

    private static readonly FrozenDictionary<string, string> Sentences = new Dictionary<string, string>
    {
        ["approval_decide"] = "Decided.",
        ["artifact_create"] = "Saved.",
        ["atp_change_status"] = "Moved on.",
        ["atp_close"] = "Closed.",
        ["atp_create"] = "Created.",
        ["atp_set"] = "Saved.",
        ["halt_lift"] = "Lifted. What no other halt covers resumes.",
        ["halt_raise"] = "The halt is recorded.",
        ["handoff"] = "Handed over.",
        ["incident_declare"] = "Declared. Its responders have been notified.",
        ["incident_update.acknowledge"] = "Acknowledged.",
        ["incident_update.assess"] = "The assessment is saved.",
        ["incident_update.cancel"] = "The incident is canceled.",
        ["incident_update.close"] = "The incident is closed.",
        ["incident_update.commander"] = "The commander is changed.",
        ["incident_update.mitigate"] = "The mitigation is recorded.",
        ["incident_update.note"] = "The note is in the timeline.",
        ["incident_update.reopen"] = "The incident is open again.",
        ["incident_update.resolve"] = "The incident is resolved.",
        ["incident_update.responders"] = "Added.",
        ["incident_update.severity"] = "The severity is changed.",
        ["message_ack"] = "Acknowledged.",
        ["message_send"] = "Sent.",
        ["permit_end"] = "Settled.",
    }.ToFrozenDictionary();

    public static void Keep(HttpContext http, Tool tool, IFormCollection form) =>
        http.Response.Cookies.Append(
            Cookie, tool.Name == "incident_update" ? $"{tool.Name}.{form["command"]}" : tool.Name, Options(http, TimeSpan.FromMinutes(1)));

    /// <summary>The sentence of what the visitor has just done, which is then forgotten; or null.</summary>
    public static string? Take(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is not { } done) return null;
        http.Response.Cookies.Delete(Cookie, Options(http, null));
        return Sentences.GetValueOrDefault(done, "Done.");
    }

    private static CookieOptions Options(HttpContext http, TimeSpan? kept) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, MaxAge = kept,
    };
}
